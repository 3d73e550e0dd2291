#include "shared/wire/schema_keywords.hpp"

#include "shared/wire/valijson_adapter.hpp"

#include <algorithm>
#include <array>

namespace libra {

namespace {

constexpr std::array<std::string_view, 15> k_without_children{
    "description",
    "examples",
    "type",
    "required",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "format",
    "pattern",
    "title",
    "enum",
    "const",
};

}  // namespace

void SchemaKeywords::read(const JsonValue& schema)
{
    if (schema.IsBool()) {
        return;
    }
    for (const auto& [name, value] : schema.GetObject()) {
        read_member(std::string{text_of(name)}, value);
    }
}

void SchemaKeywords::read_member(const std::string& keyword, const JsonValue& value)
{
    const auto end = k_without_children.end();
    if (keyword == "properties") {
        for (const auto& member : value.GetObject()) {
            read(member.value);
        }
    } else if (keyword == "items" || keyword == "additionalProperties" || keyword == "if" || keyword == "then" || keyword == "else") {
        read(value);
    } else if (std::find(k_without_children.begin(), end, keyword) == end) {
        throw std::logic_error{"this schema keyword is not checked: " + keyword};
    }
    if (keyword == "pattern") {
        patterns_.try_emplace(std::string{text_of(value)}, std::string{text_of(value)});
    } else if (keyword == "const") {
        constants_.push_back(&value);
    } else if (keyword == "enum") {
        for (const JsonValue& item : value.GetArray()) {
            constants_.push_back(&item);
        }
    }
}

std::string SchemaKeywords::text_of_constant(const valijson::adapters::FrozenValue& constant) const
{
    const auto equal = [&](const JsonValue* candidate) {
        return constant.equalTo(valijson::adapters::RapidJsonAdapter{*candidate}, true);
    };
    const auto found = std::find_if(constants_.begin(), constants_.end(), equal);
    if (found == constants_.end()) {
        throw std::logic_error{"a constant of the schema is not in its text"};
    }
    const JsonValue& value = **found;
    if (value.IsString()) {
        return std::string{text_of(value)};
    }
    if (value.IsNull()) {
        return "null";
    }
    if (value.IsBool()) {
        return value.GetBool() ? "true" : "false";
    }
    return std::to_string(value.GetInt64());
}

}  // namespace libra
