#include "deploy-worker/diagnosis/release_changes.hpp"

#include <catch2/catch.hpp>

#include <utility>

namespace libra {
namespace {

struct Build {
    explicit Build(std::map<std::string, std::string> project) : files{std::move(project)}
    {
        for (const auto& [path, text] : files) {
            tree[path] = {.digest = sha256(text), .bytes = text.size()};
        }
    }

    BuildInputs inputs()
    {
        return {
            .tree = &tree,
            .read = [this](const std::string& path) -> std::optional<std::string> {
                const auto file = files.find(path);
                return file == files.end() ? std::nullopt : std::optional{file->second};
            },
            .environment = environment,
            .toolchain = toolchain};
    }

    std::map<std::string, std::string> files;
    SourceManifest tree;
    std::optional<NamedVersions> environment;
    std::optional<NamedVersions> toolchain;
};

std::string lock(const std::string& packages)
{
    return R"({"lockfileVersion": 3, "packages": {)" + packages + "}}";
}

TEST_CASE("files that came, went and changed are counted, and the first of them named")
{
    std::map<std::string, std::string> many;
    for (int i = 0; i < 30; ++i) {
        many["new/" + std::to_string(100 + i)] = "";
    }
    many["same"] = "1";
    many["other"] = "2";
    Build before{{{"same", "1"}, {"other", "1"}, {"gone", ""}}};
    Build after{many};

    const ReleaseChanges changes = changes_between(before.inputs(), after.inputs());

    REQUIRE(changes.files);
    CHECK(changes.files->added.count == 30);
    CHECK(changes.files->added.first.size() == 10);
    CHECK(changes.files->added.first.front() == "new/100");
    CHECK(changes.files->changed == NameList{1, {"other"}});
    CHECK(changes.files->removed == NameList{1, {"gone"}});
    CHECK(changes.packages == PackageChanges{});
    CHECK_FALSE(changes.environment);
    CHECK_FALSE(changes.toolchain);
}

TEST_CASE("packages of the lock file are compared, those of package.json first")
{
    Build before{
        {{"package-lock.json",
          lock(R"("node_modules/a": {"version": "1.0.0"}, "node_modules/old": {"version": "2.0.0"})"
          )}}};
    Build after{
        {{"package.json", R"({"dependencies": {"vite": "6"}})"},
         {"package-lock.json",
          lock(R"("node_modules/a": {"version": "1.1.0"}, "node_modules/vite": {"version": "6.0.0"},
                  "node_modules/x/node_modules/a": {"version": "1.0.0"})")}}};

    const ReleaseChanges changes = changes_between(before.inputs(), after.inputs());

    REQUIRE(changes.packages);
    CHECK(changes.packages->added == 1);
    CHECK(changes.packages->changed == 1);
    CHECK(changes.packages->removed == 1);
    CHECK(
        changes.packages->first ==
        std::vector<VersionChange>{
            {.name = "vite", .to = "6.0.0"},
            {.name = "a", .from = "1.0.0", .to = "1.0.0, 1.1.0"},
            {.name = "old", .from = "2.0.0"}}
    );
}

TEST_CASE("a lock file that cannot be read says nothing of packages")
{
    Build before{{{"package-lock.json", "{"}}};
    Build after{{{"package-lock.json", lock("")}}};

    CHECK_FALSE(changes_between(before.inputs(), after.inputs()).packages);
}

TEST_CASE("variables and tools are compared by name where both are known")
{
    Build before{{}};
    Build after{{}};
    before.environment = {{"A", "1"}, {"B", "1"}, {"C", "1"}};
    after.environment = {{"A", "1"}, {"B", "2"}, {"D", "1"}};
    before.toolchain = {{"node", "20.1.0"}, {"npm", "10"}};
    after.toolchain = {{"node", "22.0.0"}, {"pnpm", "9.1.0"}};

    const ReleaseChanges changes = changes_between(before.inputs(), after.inputs());

    REQUIRE(changes.environment);
    CHECK(changes.environment->added == NameList{1, {"D"}});
    CHECK(changes.environment->changed == NameList{1, {"B"}});
    CHECK(changes.environment->removed == NameList{1, {"C"}});
    REQUIRE(changes.toolchain);
    CHECK(
        *changes.toolchain ==
        std::vector<VersionChange>{
            {.name = "node", .from = "20.1.0", .to = "22.0.0"},
            {.name = "pnpm", .to = "9.1.0"},
            {.name = "npm", .from = "10"}}
    );

    after.environment.reset();
    CHECK_FALSE(changes_between(before.inputs(), after.inputs()).environment);
}

TEST_CASE("versions are read from JSON, numbers too")
{
    CHECK(decode_versions(R"({"A": "1", "B": 12})") == NamedVersions{{"A", "1"}, {"B", "12"}});
    CHECK(decode_versions("{}") == NamedVersions{});
    CHECK_FALSE(decode_versions("[]"));
    CHECK_FALSE(decode_versions(R"({"A": null})"));
}

TEST_CASE("the tools of a build are read from its record")
{
    const std::string record{
        R"({"framework": "vite", "frameworkName": "Vite", "packageManager": "pnpm",
            "packageManagerVersion": "9.15.9", "nodeVersion": "20.1.0", "buildCommand": "pnpm run x",
            "outputDirectory": "dist", "reasons": ["because"]})"};

    CHECK(
        decode_toolchain(record) ==
        NamedVersions{
            {"framework", "vite"},
            {"packageManager", "pnpm 9.15.9"},
            {"nodeVersion", "20.1.0"},
            {"buildCommand", "pnpm run x"}}
    );
    CHECK(decode_toolchain(R"({"nodeVersion": 1})") == NamedVersions{});
    CHECK_FALSE(decode_toolchain("[]"));
}

}  // namespace
}  // namespace libra
