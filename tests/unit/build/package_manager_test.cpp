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

TEST_CASE("a tool is fetched outside of the project, whose settings must not steer it")
{
    const auto commands = install_commands({.manager = PackageManager::pnpm, .version = "9.15.9"});

    REQUIRE(commands.size() == 2);
    CHECK(commands[0].directory == "/tmp");
    CHECK(commands[1].directory == "/work");
}

TEST_CASE("npm is run directly, with nothing fetched")
{
    const auto commands = install_commands({.lock_file = "package-lock.json"});

    REQUIRE(commands.size() == 1);
    CHECK(commands[0].argv.front() == "npm");
}

TEST_CASE("a command of any other form is shown as it is")
{
    CHECK(shown({.argv = {"npm", "run", "build"}}) == "npm run build");
    CHECK(shown({.argv = {"sh", "-c", "true"}}) == "sh -c true");
    CHECK(shown({}).empty());
}

}  // namespace
}  // namespace libra
