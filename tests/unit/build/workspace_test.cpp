#include "deploy-worker/build/workspace.hpp"

#include "tests/unit/build/planning.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using testing::Files;
using testing::plan_of;
using testing::ProjectTree;
using testing::reasons_of;
using testing::Strings;

const std::string k_vite = R"({"scripts":{"build":"vite build"},"dependencies":{"vite":"7"}})";

TEST_CASE("a workspace takes in the directories that its patterns fit")
{
    CHECK(takes_in({"packages/*"}, "packages/web"));
    CHECK(takes_in({"./apps/web/"}, "apps/web"));
    CHECK(takes_in({"packages/**"}, "packages/a/b"));
    CHECK(takes_in({"**"}, "apps/z"));
    CHECK_FALSE(takes_in({"packages/*"}, "apps/z"));
    CHECK_FALSE(takes_in({"packages/*"}, "packages/a/b"));
    CHECK_FALSE(takes_in({"apps/*", "!apps/z"}, "apps/z"));
    CHECK(takes_in({"!apps/z", "apps/*"}, "apps/z"));
    CHECK_FALSE(takes_in({}, "apps/z"));
}

TEST_CASE("a pattern that is not understood takes in and puts nothing out")
{
    CHECK(takes_in({"{apps,packages}/*"}, "apps/z"));
    CHECK(takes_in({"apps/*", "!apps/@(a|b)"}, "apps/z"));
}

TEST_CASE("a workspace of pnpm is read in both forms that its file may have")
{
    struct Case {
        std::string yaml;
        Strings patterns;
    };

    const Case given = GENERATE(values<Case>({
        {"packages: ['apps/*', \"!apps/old\"]\n", {"apps/*", "!apps/old"}},
        {"packages: [\n  'apps/*',\n  docs,\n]\ncatalog: {}\n", {"apps/*", "docs"}},
        {"# ours\npackages:\n  # all\n  - 'apps/*'  # web\n\n  - docs\ncatalog:\n  - x\n",
         {"apps/*", "docs"}},
        {"packages:\r\n- \"apps/*\"\r\n", {"apps/*"}},
        {"packages:", {}},
        {"packages: [", {}},
        {"catalog:\n  react: 19\n", {"**"}},
        {"", {"**"}},
    }));
    ProjectTree tree{{{"pnpm-workspace.yaml", given.yaml}}};
    ProjectFiles files{tree.manifest, tree.read, {}};

    CHECK(workspace_patterns(files, "", {}) == given.patterns);
    CHECK_FALSE(workspace_patterns(files, "apps", {}).has_value());
}

TEST_CASE("a package that no pattern of the workspace above fits is installed by itself")
{
    const Files top = GENERATE(
        Files{{"package.json", R"({"workspaces":["packages/*"]})"}, {"package-lock.json", "{}"}},
        Files{
            {"package.json", "{}"},
            {"pnpm-workspace.yaml", "packages:\n  - packages/*\n"},
            {"pnpm-lock.yaml", ""}}
    );
    Files files = top;
    files["apps/z/package.json"] = k_vite;
    files["packages/a/package.json"] = "{}";

    const auto plan = plan_of(files, {.root_directory = "apps/z"});

    REQUIRE(plan.has_value());
    CHECK(plan->install_directory == "apps/z");
    CHECK(plan->install[0].directory == "/work/apps/z");
    CHECK(plan->toolchain.lock_file.empty());
    CHECK_THAT(
        reasons_of(*plan),
        Catch::Contains("The workspace in the top directory does not take in apps/z (its packages: "
                        "packages/*)")
    );
    const auto part = plan_of(files, {.root_directory = "packages/a", .build_command = "make"});
    CHECK(part->install_directory.empty());
}

}  // namespace
}  // namespace libra
