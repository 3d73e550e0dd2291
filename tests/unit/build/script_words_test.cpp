#include "deploy-worker/build/script_words.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

std::string joined(std::string_view source)
{
    std::string all;
    for (const ScriptWord& word : script_words(source)) {
        all += all.empty() ? "" : " ";
        all += word.is_string ? '\'' + std::string{word.text} + '\'' : std::string{word.text};
    }
    return all;
}

TEST_CASE("a configuration file is read as words, without comments and white space")
{
    struct Case {
        std::string source;
        std::string words;
    };

    const Case given = GENERATE(values<Case>({
        {"output: 'export',", "output : 'export' ,"},
        {"output:\"export\"", "output : 'export'"},
        {"`a\nb`", "'a\nb'"},
        {"// output: 'export'\nx", "x"},
        {"/* output: 'export' */x/**/y", "x y"},
        {"a /* never closed", "a"},
        {"// last", ""},
        {"'it\\'s' b", "'it\\'s' b"},
        {"'not closed\nnext", "'not closed' next"},
        {"'", "''"},
        {"'\\", "'\\'"},
        {"a/b", "a / b"},
        {"$_1=\xC3\xA9", "$_1 = \xC3\xA9"},
        {R"({"a": {"b": 1}})", "{ 'a' : { 'b' : 1 } }"},
        {"", ""},
    }));

    CHECK(joined(given.source) == given.words);
}

TEST_CASE("a phrase is words that follow each other")
{
    const auto words = script_words("export default { output : \"export\", 'ssr': false }");

    CHECK(says(words, "output : 'export'"));
    CHECK(says(words, "ssr : false"));
    CHECK(says(words, "'export'"));
    CHECK(says(words, "export default"));
    CHECK_FALSE(says(words, "'default'"));
    CHECK_FALSE(says(words, "output 'export'"));
    CHECK_FALSE(says({}, "output"));
}

TEST_CASE("a string that is given to a key is found, and nothing else that is")
{
    const auto words =
        script_words("{ other: outDir, outDir: join('a'), build: { 'outDir': './site' } }");

    CHECK(string_given_to(words, "outDir") == "./site");
    CHECK_FALSE(string_given_to(words, "other").has_value());
    CHECK_FALSE(string_given_to(words, "build").has_value());
    CHECK_FALSE(string_given_to(script_words("outDir :"), "outDir").has_value());
}

TEST_CASE("a hostile file costs no more than its length")
{
    const std::string quotes(1U << 20U, '\'');
    const std::string slashes(1U << 20U, '/');

    CHECK(script_words(quotes).size() == quotes.size() / 2);
    CHECK(script_words(slashes).empty());
}

}  // namespace
}  // namespace libra
