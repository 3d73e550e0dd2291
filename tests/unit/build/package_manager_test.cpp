#include "deploy-worker/build/package_manager.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("a lock file's format decides the version that reads it")
{
    struct Case {
        PackageManager manager;
        std::string lock;
        std::string version;
    };

    const Case given = GENERATE(values<Case>({
        {PackageManager::pnpm, "lockfileVersion: 5.4\n", "7.33.7"},
        {PackageManager::pnpm, "lockfileVersion: '6.0'\n", "8.15.9"},
        {PackageManager::pnpm, "lockfileVersion: '9.0'\n", "9.15.9"},
        {PackageManager::pnpm, "", "9.15.9"},
        {PackageManager::pnpm, "xlockfileVersion: 5.4\n", "9.15.9"},
        {PackageManager::yarn, "", "1.22.22"},
        {PackageManager::yarn, "# yarn lockfile v1\n\na@1:\n  version \"1\"\n", "1.22.22"},
        {PackageManager::yarn, "# x\n\n__metadata:\n  version: 6\n  cacheKey: 8\n", "3.8.7"},
        {PackageManager::yarn, "# x\n\n__metadata:\n  version: 8\n  cacheKey: 10c0\n", "4.9.4"},
        {PackageManager::bun, "{}", "1.3.14"},
        {PackageManager::npm, "{}", ""},
    }));

    CHECK(version_for_lock(given.manager, given.lock) == given.version);
}

TEST_CASE("only an exact version is taken from packageManager")
{
    struct Case {
        std::string declared;
        std::string name;
        std::string version;
    };

    const Case given = GENERATE(values<Case>({
        {"pnpm@9.1.2", "pnpm", "9.1.2"},
        {"pnpm@9.1.2+sha512.0a", "pnpm", "9.1.2"},
        {"yarn@4.0.0-rc.53", "yarn", "4.0.0-rc.53"},
        {"yarn", "yarn", ""},
        {"yarn@", "yarn", ""},
        {"yarn@stable", "yarn", ""},
        {"pnpm@9", "pnpm", ""},
        {"pnpm@..1", "pnpm", ""},
        {"pnpm@1.2.3.", "pnpm", ""},
        {"pnpm@1.2.3-$(id)", "pnpm", ""},
        {"pnpm@1.2.3;id", "pnpm", ""},
        {"pnpm@https://a.example/1.2.3.tgz", "pnpm", ""},
        {"", "", ""},
    }));

    const DeclaredManager declared = parse_declared_manager(given.declared);

    CHECK(declared.name == given.name);
    CHECK(declared.version == given.version);
}

TEST_CASE("npm is the sandbox's own, every other manager is a tool")
{
    CHECK_FALSE(manager_tool({.lock_file = "package-lock.json"}).has_value());
    CHECK(
        to_string(*manager_tool({.manager = PackageManager::pnpm, .version = "9.15.9"})) ==
        "pnpm@9.15.9"
    );
    CHECK(
        to_string(*manager_tool({.manager = PackageManager::yarn, .version = "1.22.22"})) ==
        "yarn@1.22.22"
    );
    CHECK(
        to_string(*manager_tool({.manager = PackageManager::yarn, .version = "4.9.4"})) ==
        "@yarnpkg/cli-dist@4.9.4"
    );
}

TEST_CASE("a command is shown as a person would type it")
{
    CHECK(shown({.argv = {"npm", "run", "build"}}) == "npm run build");
    CHECK(shown({.argv = {"sh", "-c", "make site && make map"}}) == "make site && make map");
    CHECK(shown(fetch_command(bun_tool("1.3.14"), "/tools/bun")).starts_with("npm install --glob"));
    CHECK(shown({}).empty());
}

}  // namespace
}  // namespace libra
