#include "deploy-worker/cache/dependency_key.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

/// A project and what surrounds it, whose key is compared with that of a copy in which something
/// differs.
struct Project {
    std::map<std::string, std::string> files{
        {"package.json", R"({"name":"shop","scripts":{"build":"vite build"}})"},
        {"package-lock.json", R"({"lockfileVersion":3})"},
        {"src/index.js", "1"},
    };
    BuildPlan plan{
        .needs_build = true,
        .toolchain = {.lock_file = "package-lock.json"},
        .install = {{.argv = {"npm", "ci"}}}};
    InstallSurroundings surroundings{
        .organization = "o-1",
        .toolchain = "node v20",
        .variables = {"API=plain x"}};

    Result<std::optional<Digest>> key() const
    {
        SourceManifest tree;
        for (const auto& [path, text] : files) {
            tree[path] = {.digest = sha256(text), .bytes = text.size()};
        }
        const ReadSource read = [this](const std::string& path) {
            const auto file = files.find(path);
            return Result<std::optional<std::string>>{
                file == files.end() ? std::nullopt : std::optional{file->second}};
        };
        return dependency_key(tree, read, plan, surroundings);
    }
};

TEST_CASE("files that have no say in an installation do not change its key")
{
    Project one;
    Project other;
    other.files["src/index.js"] = "2";
    other.files["src/more.js"] = "3";

    SECTION("with the usual command") {}
    SECTION("with a command of its owner that only installs")
    {
        const auto* const line = GENERATE("npm ci", "npm install --legacy-peer-deps", "yarn");
        one.plan.install.front().argv = {"sh", "-c", line};
        other.plan = one.plan;
    }

    REQUIRE(one.key().value().has_value());
    CHECK(*one.key() == *other.key());
}

TEST_CASE("whatever decides an installation is in its key")
{
    const Project one;
    Project other;
    SECTION("the organisation")
    {
        other.surroundings.organization = "o-2";
    }
    SECTION("the host's toolchain")
    {
        other.surroundings.toolchain = "node v22";
    }
    SECTION("a variable")
    {
        other.surroundings.variables = {"API=plain y"};
    }
    SECTION("where one variable ends and the next begins")
    {
        other.surroundings.variables = {"API=plain ", "x"};
    }
    SECTION("the command")
    {
        other.plan.install.front().argv = {"npm", "install"};
    }
    SECTION("its environment")
    {
        other.plan.install.front().environment = {"A=b"};
    }
    SECTION("the tools on its path")
    {
        other.plan.install.front().path = {"/home/build/.libra-tools/pnpm@9.15.9/bin"};
    }
    SECTION("where it is run")
    {
        other.plan.install_directory = "shop";
    }
    SECTION("the lock file")
    {
        other.files["package-lock.json"] = R"({"lockfileVersion":2})";
    }
    SECTION("a package.json of a workspace")
    {
        other.files["packages/a/package.json"] = R"({"name":"a"})";
    }
    SECTION("settings of the manager")
    {
        other.files["packages/a/.npmrc"] = "omit=optional";
    }
    SECTION("a patch")
    {
        other.files["patches/left-pad.diff"] = "+";
    }
    SECTION("a part of Yarn")
    {
        other.files[".yarn/plugins/p.cjs"] = "1";
    }
    SECTION("a schema that a dependency reads when it is installed")
    {
        other.files["db/schema.prisma"] = "model A {}";
    }

    CHECK(*one.key() != *other.key());
}

TEST_CASE("every file is in the key where the installation may read it")
{
    Project one;
    SECTION("a script of a workspace")
    {
        one.files["packages/a/package.json"] = R"({"scripts":{"prepare":"tsc"}})";
    }
    SECTION("a dependency that is a directory of the project")
    {
        one.files["package.json"] = R"({"dependencies":{"lib":"file:./lib"}})";
    }
    SECTION("one that only the lock file names")
    {
        one.files["package-lock.json"] = R"({"resolved":"file:lib"})";
    }
    SECTION("a command of its owner that does more than install")
    {
        const auto* const line = GENERATE("npm ci && node setup.js", "make", "npm run setup");
        one.plan.install.front().argv = {"sh", "-c", line};
    }
    SECTION("a native addon of the project's own")
    {
        one.files["binding.gyp"] = "{}";
    }
    SECTION("a package.json that nobody can read")
    {
        one.files["packages/a/package.json"] = "{";
    }
    Project other = one;
    other.files["src/index.js"] = "2";

    CHECK(*one.key() != *other.key());
}

TEST_CASE(
    "scripts of the project's own keep its installation to itself, and its files out of the key"
)
{
    Project one;
    one.surroundings.project = "p-1";
    Project edited = one;
    Project other = one;
    other.surroundings.project = "p-2";
    CHECK(*one.key() == *other.key());
    for (Project* project : {&one, &edited, &other}) {
        project->files["package.json"] = R"({"scripts":{"postinstall":"node setup.js"}})";
    }
    edited.files["src/index.js"] = "2";

    CHECK(*one.key() == *edited.key());
    CHECK(*one.key() != *other.key());
}

TEST_CASE("an installation without a lock file has no key")
{
    Project project;
    project.plan.toolchain.lock_file.clear();

    CHECK_FALSE(project.key().value().has_value());
}

TEST_CASE("there is no key when a file cannot be read")
{
    const SourceManifest tree{{"package.json", {}}};
    const ReadSource read = [](const std::string&) {
        return Result<std::optional<std::string>>{Error{Errc::unavailable, "away"}};
    };

    const auto key = dependency_key(tree, read, Project{}.plan, {});

    CHECK(key.error().code == Errc::unavailable);
}

}  // namespace
}  // namespace libra
