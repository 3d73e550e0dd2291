#include "deploy-worker/sandbox/template_text.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

namespace libra {
namespace {

TEST_CASE("placeholders are replaced, and what a value holds is left alone")
{
    const std::string filled =
        fill_template("@A@-@B_C@ a@b @ @lower@ @", {{"A", "@B_C@"}, {"B_C", "2"}});

    CHECK(filled == "@B_C@-2 a@b @ @lower@ @");
}

TEST_CASE("a placeholder without a value is a bug, never an empty text")
{
    CHECK_THROWS_AS(fill_template("x @MISSING@", {{"OTHER", "1"}}), std::logic_error);
}

TEST_CASE("texts become JSON strings that end where they should")
{
    CHECK(json_string("a\"b\\c\n") == R"("a\"b\\c\n")");
    CHECK(json_strings({}) == "[]");
    CHECK(json_strings({"a", "\""}) == R"(["a", "\""])");
}

}  // namespace
}  // namespace libra
