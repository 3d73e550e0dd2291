#pragma once

#include "shared/wire/json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace libra {

/// Writes one JSON value into a string. Whatever text it is given, the result is well-formed UTF-8.
class JsonWriter {
public:
    JsonWriter() = default;
    ~JsonWriter() = default;
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;

    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);
    JsonWriter& text(std::string_view value);
    JsonWriter& number(std::int64_t value);
    JsonWriter& boolean(bool value);

    /// `json` must be one well-formed value.
    JsonWriter& raw(std::string_view json);

    /// Once, when the value is whole.
    std::string take() { return {sink_.GetString(), sink_.GetSize()}; }

private:
    rapidjson::StringBuffer sink_{};
    rapidjson::Writer<rapidjson::StringBuffer> writer_{sink_};
};

}  // namespace libra
