#pragma once

#include "shared/wire/json.hpp"

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
    std::string take() { return std::move(sink_.text); }

private:
    struct Sink {
        using Ch = char;

        std::string text{};

        // The names are RapidJSON's.
        // NOLINTBEGIN(readability-identifier-naming)
        void Put(char c) { text.push_back(c); }

        void Flush() {}

        // NOLINTEND(readability-identifier-naming)
    };

    Sink sink_{};
    rapidjson::Writer<Sink> writer_{sink_};
};

}  // namespace libra
