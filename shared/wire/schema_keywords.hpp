#pragma once

#include "shared/wire/json.hpp"

#include <map>
#include <regex>
#include <string>
#include <vector>

namespace valijson::adapters {
class FrozenValue;
}

namespace libra {

/// What a walk needs from a schema's own text, because valijson's compiled form does not give it.
class SchemaKeywords {
public:
    /// `schema` must outlive this object. @throws std::logic_error for a keyword that the walk
    /// would not obey.
    explicit SchemaKeywords(const JsonValue& schema) { read(schema); }

    const std::regex& pattern(const std::string& text) const { return patterns_.at(text); }

    /// valijson does not give a constant of an `enum` or `const` back, but tells whether it equals
    /// another value.
    std::string text_of_constant(const valijson::adapters::FrozenValue& constant) const;

private:
    void read(const JsonValue& schema);
    void read_member(const std::string& keyword, const JsonValue& value);

    std::map<std::string, std::regex> patterns_;
    std::vector<const JsonValue*> constants_;
};

}  // namespace libra
