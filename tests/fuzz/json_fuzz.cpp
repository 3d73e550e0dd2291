#include "shared/base/text.hpp"
#include "shared/wire/json.hpp"
#include "shared/wire/json_writer.hpp"
#include "tests/fuzz/verdicts.hpp"

#include <array>
#include <charconv>
#include <string>

namespace libra::fuzz {

namespace {

template <class Number>
std::string digits_of(Number number)
{
    std::array<char, 64> text{};
    const auto written = std::to_chars(text.data(), text.data() + text.size(), number);
    return {text.data(), written.ptr};
}

void write(JsonWriter& json, const JsonValue& value)
{
    switch (value.GetType()) {
    case rapidjson::kNullType:
        json.raw("null");
        break;
    case rapidjson::kFalseType:
    case rapidjson::kTrueType:
        json.boolean(value.GetBool());
        break;
    case rapidjson::kStringType:
        json.text(text_of(value));
        break;
    case rapidjson::kNumberType:
        if (value.IsInt64()) {
            json.number(value.GetInt64());
        } else {
            json.raw(
                value.IsUint64() ? digits_of(value.GetUint64()) : digits_of(value.GetDouble())
            );
        }
        break;
    case rapidjson::kArrayType:
        json.begin_array();
        for (const JsonValue& item : value.GetArray()) {
            write(json, item);
        }
        json.end_array();
        break;
    case rapidjson::kObjectType:
        json.begin_object();
        for (const auto& member : value.GetObject()) {
            json.key(text_of(member.name));
            write(json, member.value);
        }
        json.end_object();
        break;
    }
}

std::string written(const JsonValue& value)
{
    JsonWriter json;
    write(json, value);
    return json.take();
}

void check_document(std::string_view input)
{
    const Result<JsonDocument> document = JsonDocument::parse(input);
    if (!document) {
        must(fit_to_show(document.error().detail), "a refused text has a reason that can be shown");
        return;
    }
    const Result<JsonDocument> again = JsonDocument::parse(written(document->root()));
    must(is_utf8(input), "what is read is UTF-8");
    must(again.has_value(), "what is written can be read");
    must(again->root() == document->root(), "what is written is what was read");
}

/// Any bytes can become a string: a client's name, a build's output.
void check_text(std::string_view input)
{
    const std::string clean = printable_utf8(input);
    const std::string json = JsonWriter{}.text(input).take();
    const Result<JsonDocument> document = JsonDocument::parse(json);
    must(is_utf8(clean) && printable_utf8(clean) == clean, "what is made printable stays so");
    must(is_utf8(json), "whatever text is written, the result is UTF-8");
    if (document) {
        const std::string_view read = text_of(document->root());
        must(read == (is_utf8(input) ? input : clean), "a text is read back as it was written");
    } else {
        must(input.find('\0') != std::string_view::npos, "only a NUL makes a text unreadable");
    }
}

}  // namespace

void try_input(std::string_view input)
{
    check_document(input);
    check_text(input);
}

}  // namespace libra::fuzz
