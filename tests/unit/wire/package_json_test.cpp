#include "shared/wire/package_json.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Names = std::set<std::string>;
using Patterns = std::vector<std::string>;

TEST_CASE("a package.json gives its scripts, its manager and the names it depends on")
{
    const auto package = parse_package_json(R"({
        "name": "shop",
        "scripts": {"build": "vite build", "odd": 7, "deep": {"build": "no"}},
        "packageManager": "pnpm@9.1.0",
        "dependencies": {"react": "^19", "local": {"version": "1"}},
        "devDependencies": {"vite": "^7"},
        "peerDependencies": {"left-pad": "1"},
        "config": {"scripts": {"test": "no"}, "packageManager": "npm@1.0.0"},
        "files": [{"dependencies": "x"}]
    })");

    REQUIRE(package.has_value());
    CHECK(package->scripts == std::map<std::string, std::string>{{"build", "vite build"}});
    CHECK(package->package_manager == "pnpm@9.1.0");
    CHECK(package->dependencies == Names{"react", "vite"});
}

TEST_CASE("members of an unexpected type are left out")
{
    const auto package =
        parse_package_json(R"({"scripts": ["build"], "packageManager": 4, "dependencies": "vite"})"
        );

    REQUIRE(package.has_value());
    CHECK(package->scripts.empty());
    CHECK(package->package_manager.empty());
    CHECK(package->dependencies.empty());
}

TEST_CASE("of a member given twice the last one counts")
{
    const auto package =
        parse_package_json(R"({"scripts":{"a":"1"},"scripts":{"build":"x","build":"y"}})");

    CHECK(package->scripts == std::map<std::string, std::string>{{"build", "y"}});
}

TEST_CASE("a byte order mark is passed over")
{
    CHECK(parse_package_json("\xEF\xBB\xBF{}").has_value());
}

TEST_CASE("a problem is told with its line")
{
    const auto package = parse_package_json("{\n\"a\": 1,\n}");

    REQUIRE(package.has_error());
    CHECK(package.error().code == Errc::invalid_input);
    CHECK(package.error().detail.starts_with("it is not JSON: line 3: "));
}

TEST_CASE("nesting of any depth neither crashes nor is taken for a script")
{
    std::string text = R"({"scripts":{"build":)";
    text += std::string(400'000, '[') + std::string(400'000, ']') + "}}";

    const auto package = parse_package_json(text);

    REQUIRE(package.has_value());
    CHECK(package->scripts.empty());
}

TEST_CASE("a package.json gives the Node it asks for, and whether it is a workspace")
{
    const auto package = parse_package_json(
        R"({"engines": {"node": ">=20", "npm": "10"}, "volta": {"node": "20.1.0"},
            "workspaces": ["packages/*"]})"
    );

    CHECK(package->engines_node == ">=20");
    CHECK(package->volta_node == "20.1.0");
    CHECK(package->workspaces == Patterns{"packages/*"});
    CHECK(
        parse_package_json(R"({"workspaces": {"nohoist": ["b"], "packages": ["a", ["c"], 1]}})")
            ->workspaces == Patterns{"a"}
    );
    CHECK(parse_package_json(R"({"workspaces": {"packages": "a"}})")->workspaces == Patterns{});
    CHECK_FALSE(parse_package_json(R"({"workspaces": "a", "x": {"workspaces": []}})")
                    ->workspaces.has_value());
}

TEST_CASE("what should be a text and is none is told")
{
    const auto package = parse_package_json(
        R"({"packageManager": 4, "scripts": {"build": ["a"], "start": null, "test": "x",
            "twice": 1, "twice": "y"}})"
    );

    CHECK(package->no_texts == Names{"packageManager", "scripts.build", "scripts.start"});
    CHECK(parse_package_json(R"({"x": {"packageManager": 4}})")->no_texts.empty());
    CHECK(parse_package_json(R"({"engines": ["node"], "volta": {"node": 20}})")->volta_node.empty()
    );
}

}  // namespace
}  // namespace libra
