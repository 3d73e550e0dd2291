#pragma once

#include "shared/wire/schema_validator.hpp"

#include <string>
#include <string_view>

namespace libra::testing {

/// What `json` breaks of `schema`; empty for nothing.
inline std::string breaches(std::string_view schema, const std::string& json)
{
    const JsonDocument document = JsonDocument::parse(json).value();
    Findings findings;
    SchemaValidator{schema}.check(document.root(), Place{}, findings);
    return std::move(findings).text();
}

}  // namespace libra::testing
