#pragma once

#include "shared/wire/findings.hpp"
#include "shared/wire/json.hpp"

#include <memory>
#include <string_view>

namespace libra {

/// A JSON Schema of proto-schemas/, ready to be checked against. The schema is compiled by
/// valijson; the walk over a document is our own, so that each problem has its pointer and a short
/// reason, no text is copied, and no hostile string meets a backtracking regular expression.
///
/// Thread-safe once built.
class SchemaValidator {
public:
    /// @throws std::logic_error for a schema with a keyword this class does not know.
    explicit SchemaValidator(std::string_view schema_json);
    ~SchemaValidator();
    SchemaValidator(const SchemaValidator&) = delete;
    SchemaValidator& operator=(const SchemaValidator&) = delete;

    /// Adds every place at which `document` breaks the schema, `place` being the document's own.
    void check(const JsonValue& document, const Place& place, Findings& findings) const;

    struct Compiled;

private:
    std::unique_ptr<const Compiled> compiled_;
};

}  // namespace libra
