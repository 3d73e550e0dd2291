#include "deploy-worker/diagnosis/lock_file.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace libra {
namespace {

std::string recorded(const std::string& name)
{
    std::ifstream file{std::filesystem::path{LIBRA_LOCK_FILES} / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

TEST_CASE("the lock files of all managers for one project say the same")
{
    const LockedPackages expected{
        {"@sindresorhus/slugify", {"2.2.1"}},
        {"@sindresorhus/transliterate", {"1.6.0"}},
        {"escape-string-regexp", {"5.0.0"}},
        {"is-number", {"6.0.0", "7.0.0"}},
        {"is-odd", {"3.0.1"}},
        {"left-pad", {"1.3.0"}},
    };
    const std::string name = GENERATE(
        "npm1/package-lock.json",
        "npm3/package-lock.json",
        "pnpm7/pnpm-lock.yaml",
        "pnpm8/pnpm-lock.yaml",
        "pnpm9/pnpm-lock.yaml",
        "yarn1/yarn.lock",
        "yarn4/yarn.lock",
        "bun/bun.lock"
    );
    INFO(name);

    const auto read = read_lock_file(name, recorded(name));

    REQUIRE(read);
    CHECK(*read == expected);
}

TEST_CASE("what is no lock file, or a broken one, is not read")
{
    CHECK_FALSE(read_lock_file("bun.lockb", "\x01"));
    CHECK_FALSE(read_lock_file("package-lock.json", "{"));
    CHECK_FALSE(read_lock_file("bun.lock", R"({"a": })"));
    CHECK_FALSE(read_lock_file("Cargo.lock", ""));
    CHECK_FALSE(read_lock_file("yarn.lock", std::string((16U << 20U) + 1, ' ')));
}

TEST_CASE("whatever a lock file holds is taken without harm")
{
    for (const char* const name :
         {"package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"}) {
        for (const std::string text :
             {"",
              "\n",
              ":",
              "packages:\n  :\n  /\n  /a/:\n  '@'@:\n",
              "@@@:\n  version\n  version \n",
              "{}",
              "[]",
              R"({"packages": {"node_modules/": {"version": 1}, "": [], "x": null}})",
              R"({"packages": {"a": [], "b": [1], "c": ["d"], "e": ["@"]}})",
              R"({"dependencies": {"a": {"dependencies": {"b": 1}}, "c": []}})"}) {
            const auto read = read_lock_file(name, text);
            CHECK((!read || read->size() < 5));
        }
    }
}

TEST_CASE("the lock file of a directory is its own, else one above it")
{
    const auto tree = [](std::initializer_list<std::string> paths) {
        SourceManifest manifest;
        for (const std::string& path : paths) {
            manifest[path] = {};
        }
        return manifest;
    };

    CHECK(find_lock_file(tree({"package-lock.json"}), "") == "package-lock.json");
    CHECK(find_lock_file(tree({"yarn.lock"}), "apps/site") == "yarn.lock");
    CHECK(find_lock_file(tree({"yarn.lock", "apps/bun.lock"}), "apps/site") == "apps/bun.lock");
    CHECK_FALSE(find_lock_file(tree({"apps/yarn.lock"}), "other"));
}

}  // namespace
}  // namespace libra
