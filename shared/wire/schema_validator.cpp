#include "shared/wire/schema_validator.hpp"

#include "shared/wire/schema_keywords.hpp"
#include "shared/wire/schema_walk.hpp"
#include "shared/wire/valijson_adapter.hpp"

#include <valijson/schema_parser.hpp>

namespace libra {

struct SchemaValidator::Compiled {
    JsonDocument text;
    SchemaKeywords keywords;
    valijson::Schema schema;

    explicit Compiled(JsonDocument document) : text{std::move(document)}, keywords{text.root()}
    {
        valijson::SchemaParser{valijson::SchemaParser::kDraft7}.populateSchema(
            valijson::adapters::RapidJsonAdapter{text.root()}, schema
        );
    }
};

SchemaValidator::SchemaValidator(std::string_view schema_json)
    : compiled_{std::make_unique<Compiled>(JsonDocument::parse(schema_json).value())}
{
}

SchemaValidator::~SchemaValidator() = default;

void SchemaValidator::check(const JsonValue& document, const Place& place, Findings& findings) const
{
    walk_schema(compiled_->schema, compiled_->keywords, document, place, findings);
}

}  // namespace libra
