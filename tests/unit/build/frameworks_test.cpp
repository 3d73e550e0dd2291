#include "deploy-worker/build/frameworks.hpp"

#include "shared/domain/rules.hpp"
#include "shared/wire/json.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cctype>
#include <set>

namespace libra {

namespace embedded {

std::string_view schema_build_settings();

}  // namespace embedded

namespace {

std::string list_with(const std::string& framework)
{
    return R"({"frameworks": [)" + framework +
           R"(], "serverRefusal": {"why": "x"}, "usualOutputs": "dist"})";
}

const std::string k_good =
    R"({"slug": "a", "name": "A", "detect": {"dependency": "a"}, "scripts": "build",
        "command": "a", "outputs": "dist"})";

TEST_CASE("the list of frameworks that is built in can be read")
{
    const FrameworkList& list = framework_list();

    CHECK(list.frameworks.size() > 30);
    CHECK(list.servers.size() > 10);
    CHECK(list.others.size() > 10);
    CHECK_FALSE(list.lts_lines.empty());
    CHECK(framework_with("vite")->name == "Vite");
    CHECK(framework_with("express") == nullptr);
    CHECK(framework_with("") == nullptr);
}

TEST_CASE("what the API takes for a framework is what the list has")
{
    const auto schema = JsonDocument::parse(embedded::schema_build_settings());
    std::set<std::string> taken;
    for (const JsonValue& slug : schema->root()["properties"]["framework"]["enum"].GetArray()) {
        taken.insert(slug.IsNull() ? "" : std::string{text_of(slug)});
    }
    std::set<std::string> known{"", "static"};
    for (const Framework& framework : framework_list().frameworks) {
        known.insert(framework.slug);
    }

    CHECK(taken == known);
}

TEST_CASE("slugs of the list are fit for a setting, and directories for a project")
{
    for (const Framework& framework : framework_list().frameworks) {
        CAPTURE(framework.slug);
        CHECK(std::all_of(framework.slug.begin(), framework.slug.end(), [](unsigned char each) {
            return std::islower(each) != 0 || std::isdigit(each) != 0 || each == '-';
        }));
        CHECK(framework.slug != "static");
        for (const std::string& output : framework.outputs) {
            CHECK_FALSE(path_problem(output).has_value());
        }
        for (const std::string& cache : framework.caches) {
            // What is below node_modules is never uploaded, and may be cached all the same.
            const bool inner = cache.starts_with("node_modules/");
            CHECK_FALSE(path_problem(inner ? cache.substr(13) : cache).has_value());
        }
        for (const Refusal& refusal : framework.refusals) {
            CHECK(refusal.why.find("only static sites are hosted here") != std::string::npos);
        }
    }
}

TEST_CASE("a list that says less than it should, or something else, is refused")
{
    REQUIRE(parse_framework_list(list_with(k_good)).has_value());

    struct Case {
        std::string json;
        std::string problem;
    };

    const Case given = GENERATE(values<Case>({
        {"{", ""},
        {"[]", "not an object"},
        {R"({"frameworks": {}})", "not a list"},
        {R"({"more": []})", "unknown member more"},
        {list_with(k_good + "," + k_good), "comes twice"},
        {list_with(R"({"name": "A", "detect": {"dependency": "a"}})"), "no slug"},
        {list_with(R"({"slug": "a", "name": "A", "scripts": "b", "command": "a", "outputs": "d"})"),
         "detected"},
        {list_with(R"({"slug": "a", "name": "A", "detect": {"dependency": "a"}})"), "no script"},
        {list_with(R"({"slug": "a", "name": "A", "detect": {"file": "a", "script": "b"}})"),
         "two things"},
        {list_with(R"({"slug": "a", "name": "A", "detect": {"in": "a"}})"), "asks for nothing"},
        {list_with(R"({"slug": "a", "name": "A", "detect": {"dependency": 1}})"), "not a text"},
        {list_with(R"({"slug": "a", "name": "A", "refusals": [{"when": {"file": "a"}}]})"),
         "without a reason"},
        {list_with(
             R"({"slug": "a", "name": "A", "detect": {"dependency": "a"}, "scripts": "build",
                 "command": "a", "outputs": "dist", "supersedes": "b"})"
         ),
         "unknown"},
        {R"({"others": [{"slug": "a", "name": "A", "detect": {"file": "a"}}]})", "why it cannot"},
        {R"({"frameworks": []})", "serverRefusal"},
    }));

    const auto parsed = parse_framework_list(given.json);

    REQUIRE(parsed.has_error());
    CHECK(parsed.error().code == Errc::invalid_input);
    CHECK_THAT(parsed.error().detail, Catch::Contains(given.problem));
}

}  // namespace
}  // namespace libra
