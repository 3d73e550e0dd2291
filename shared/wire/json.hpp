#pragma once

#include "shared/base/result.hpp"

#include <stdexcept>
#include <string_view>
#include <vector>

/// @file RapidJSON as this room uses it: every file here includes it through this header, because
/// the macros must be the same everywhere.

// A misused value is a bug and must not end the process.
#define RAPIDJSON_ASSERT_THROWS 1
#define RAPIDJSON_ASSERT(x)                                                                        \
    (static_cast<bool>(x) ? static_cast<void>(0) : throw std::logic_error{"RapidJSON: " #x})

#include <rapidjson/document.h>

namespace libra {

using JsonValue = rapidjson::Value;

/// A document from a stranger, safe to walk and to destroy: UTF-8 throughout, at most 32 levels and
/// a million values, no key twice in one object, no NUL in any string, nothing after its end.
///
/// Strings lie in the document's own copy of the text; nothing else is copied.
class JsonDocument {
public:
    /// @return `invalid_input`, its detail fit for the client.
    static Result<JsonDocument> parse(std::string_view text);

    const JsonValue& root() const { return dom_; }

private:
    std::vector<char> text_;
    rapidjson::Document dom_;
};

inline std::string_view text_of(const JsonValue& string)
{
    return {string.GetString(), string.GetStringLength()};
}

}  // namespace libra
