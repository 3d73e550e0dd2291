#pragma once

#include "shared/wire/findings.hpp"
#include "shared/wire/json.hpp"
#include "shared/wire/schema_keywords.hpp"

namespace valijson {
class Subschema;
}

namespace libra {

/// Adds every place at which `value` and what is in it breaks `schema`. Keeps no state: any number
/// of threads may walk the same schema.
void walk_schema(
    const valijson::Subschema& schema,
    const SchemaKeywords& keywords,
    const JsonValue& value,
    const Place& place,
    Findings& findings
);

}  // namespace libra
