#include "shared/wire/schema_validator.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

namespace {

std::string breaches(std::string_view schema, std::string_view document)
{
    const JsonDocument parsed = JsonDocument::parse(document).value();
    Findings findings;
    SchemaValidator{schema}.check(parsed.root(), Place{}, findings);
    return std::move(findings).text();
}

}  // namespace

TEST_CASE("each keyword gives its own reason")
{
    struct Row {
        std::string_view schema;
        std::string_view document;
        std::string_view breach;
    };

    const auto row = GENERATE(values<Row>({
        {R"({"type":"string"})", "1", "the document must be a string"},
        {R"({"type":"integer"})", "1.5", "the document must be a whole number"},
        {R"({"type":"integer"})", "-3", ""},
        {R"({"type":"number"})", "1.5", ""},
        {R"({"type":["array","null"]})", "{}", "the document must be an array or null"},
        {R"({"type":"boolean"})", "0", "the document must be true or false"},
        {R"({"type":"object"})", "null", "the document must be an object"},
        {R"({"minLength":2})", R"("ü")", "the document must have at least 2 characters"},
        {R"({"maxLength":1})", R"("ü")", ""},
        {R"({"maxLength":1})", R"("üü")", "the document must have at most 1 characters"},
        {R"({"pattern":"^a$"})", R"("b")", "the document must match ^a$"},
        {R"({"minimum":0})", "-1", "the document must be at least 0"},
        {R"({"maximum":9007199254740991})",
         "9007199254740993",
         "the document must be at most 9007199254740991"},
        {R"({"minItems":1})", "[]", "the document must have at least 1 items"},
        {R"({"maxItems":1})", "[1,2]", "the document must have at most 1 items"},
        {R"({"enum":["a",2,true]})", R"("b")", "the document must be one of a, 2, true"},
        {R"({"const":1})", "2", "the document must be 1"},
        {R"({"items":{"type":"string"}})", R"(["a",1])", "/1 must be a string"},
        {R"({"required":["a/b"]})", "{}", "/a~1b is required"},
        {R"({"properties":{"a~":{"type":"string"}}})", R"({"a~":1})", "/a~0 must be a string"},
        {R"({"properties":{"a":{}},"additionalProperties":false})",
         R"({"a":1,"b":2})",
         "/b is not known here"},
        {R"({"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}})",
         R"({"a":1})",
         "/b is required"},
        {R"({"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}})",
         "{}",
         "/c is required"},
    }));
    CAPTURE(row.schema, row.document);

    CHECK(breaches(row.schema, row.document) == row.breach);
}

TEST_CASE("a keyword that would not be obeyed is a bug in the schema")
{
    CHECK_THROWS_AS(SchemaValidator{R"({"oneOf":[{}]})"}, std::logic_error);
    CHECK_THROWS_AS(
        SchemaValidator{R"({"properties":{"a":{"uniqueItems":true}}})"}, std::logic_error
    );
    CHECK_THROWS_AS(SchemaValidator{R"({"$ref":"id.json"})"}, std::logic_error);
}

TEST_CASE("a place tells the first of its problems")
{
    CHECK(
        breaches(R"({"type":"string","maxLength":1,"pattern":"^a$"})", R"("bb")") ==
        "the document must have at most 1 characters"
    );
}

}  // namespace libra::testing
