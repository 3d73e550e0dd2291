#include "shared/wire/package_json.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Names = std::set<std::string>;

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
    CHECK(package->workspaces);
    CHECK(parse_package_json(R"({"workspaces": {"packages": ["a"]}})")->workspaces);
    CHECK_FALSE(parse_package_json(R"({"workspaces": "a", "x": {"workspaces": []}})")->workspaces);
    CHECK(parse_package_json(R"({"engines": ["node"], "volta": {"node": 20}})")->volta_node.empty()
    );
}

}  // namespace
}  // namespace libra
