#include "tests/unit/build/planning.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace libra {
namespace {

using testing::Files;
using testing::plan_of;
using testing::reasons_of;
using testing::shown_all;
using testing::Strings;

const std::string k_vite = R"({"scripts":{"build":"vite build"},"dependencies":{"vite":"7"}})";

TEST_CASE("commands that are set are run by a shell in the root directory")
{
    const auto plan = plan_of(
        {{"web/package.json", k_vite}, {"web/pnpm-lock.yaml", ""}},
        {.root_directory = "web",
         .install_command = "pnpm install --offline",
         .build_command = "make site && make map"}
    );

    REQUIRE(plan.has_value());
    CHECK(plan->install[0].argv == Strings{"sh", "-c", "pnpm install --offline"});
    CHECK(plan->install[0].directory == "/work/web");
    CHECK(plan->build[0].argv == Strings{"sh", "-c", "make site && make map"});
    CHECK(plan->build[0].directory == "/work/web");
    CHECK(plan->build[0].path.back() == "/work/web/node_modules/.bin");
    CHECK(plan->build[0].path.front() == tool_paths(plan->tools).front());
    CHECK_THAT(
        reasons_of(*plan), Catch::Contains("Build command: make site && make map (the project's")
    );
}

TEST_CASE("an output directory that is set is the only one looked for")
{
    const auto plan = plan_of(
        {{"web/package.json", k_vite}}, {.root_directory = "web", .output_directory = "site"}
    );

    CHECK(plan->output_candidates == Strings{"web/site"});
}

TEST_CASE("a framework that is set wins over the one that is found")
{
    const auto plan = plan_of({{"package.json", k_vite}}, {.framework = "eleventy"});
    CHECK(plan->framework == "eleventy");
    CHECK(plan->output_candidates.front() == "_site");
    CHECK_THAT(reasons_of(*plan), Catch::Contains("Framework: Eleventy (the project's settings)"));

    const auto unknown = plan_of({{"package.json", k_vite}}, {.framework = "cobol"});
    REQUIRE(unknown.has_error());
    CHECK(unknown.error().code == "unknown_framework");
    CHECK_THAT(unknown.error().message, Catch::Contains("static, nextjs"));
}

TEST_CASE("files are served as they are where the settings say so")
{
    const Files files{{"package.json", k_vite}, {"site/index.html", ""}, {"src/main.js", ""}};

    const auto all = plan_of(files, {.framework = "static"});
    CHECK_FALSE(all->needs_build);
    CHECK(all->site_directory.empty());

    const auto part = plan_of(files, {.framework = "static", .output_directory = "site"});
    CHECK(part->site_directory == "site");

    const auto none = plan_of(files, {.framework = "static", .output_directory = "dist"});
    REQUIRE(none.has_error());
    CHECK(none.error().code == "output_missing");
    CHECK(none.error().failure_class == FailureClass::user);
}

TEST_CASE("without anything to build, root and output directory say which files are the site")
{
    const auto root = plan_of({{"web/index.html", ""}}, {.root_directory = "web"});
    CHECK(root->site_directory == "web");

    const auto both =
        plan_of({{"web/out/index.html", ""}}, {.root_directory = "web", .output_directory = "out"});
    CHECK(both->site_directory == "web/out");
}

TEST_CASE("a root directory that is not there is the user's to change")
{
    const auto plan = plan_of({{"website/package.json", k_vite}}, {.root_directory = "web"});

    REQUIRE(plan.has_error());
    CHECK(plan.error().code == "root_directory_missing");
    CHECK(plan.error().failure_class == FailureClass::user);
}

TEST_CASE("a build command needs no package.json")
{
    const auto plan = plan_of({{"make.sh", ""}}, {.build_command = "sh make.sh"});

    REQUIRE(plan.has_value());
    CHECK(plan->needs_build);
    CHECK(plan->install.empty());
    CHECK(shown_all(plan->build) == Strings{"sh make.sh"});
}

TEST_CASE("the dependencies of a workspace are installed at its top and the package built below")
{
    struct Case {
        Files top;
        std::string lock;
        std::string manager;
    };

    const Case given = GENERATE(values<Case>({
        {{{"package.json", R"({"workspaces":["apps/*"]})"}, {"package-lock.json", "{}"}},
         "package-lock.json",
         "npm"},
        {{{"package.json", R"({"workspaces":["apps/*"]})"}, {"yarn.lock", "# yarn lockfile v1\n"}},
         "yarn.lock",
         "yarn"},
        {{{"package.json", "{}"},
          {"pnpm-workspace.yaml", "packages: ['apps/*']"},
          {"pnpm-lock.yaml", ""}},
         "pnpm-lock.yaml",
         "pnpm"},
        {{{"package.json", R"({"workspaces":{"packages":["apps/*"]}})"}, {"bun.lock", "{}"}},
         "bun.lock",
         "bun"},
        {{{"package.json", R"({"workspaces":["apps/*"],"packageManager":"yarn@4.1.0"})"}},
         "",
         "yarn"},
    }));
    Files files = given.top;
    files["apps/web/package.json"] = k_vite;

    const auto plan = plan_of(files, {.root_directory = "apps/web"});

    REQUIRE(plan.has_value());
    CHECK(to_string(plan->toolchain.manager) == given.manager);
    CHECK(plan->toolchain.lock_file == given.lock);
    CHECK(plan->install_directory.empty());
    CHECK(plan->root_directory == "apps/web");
    CHECK(plan->install[0].directory == "/work");
    CHECK(plan->build[0].directory == "/work/apps/web");
    CHECK(plan->output_candidates.front() == "apps/web/dist");
    CHECK_THAT(reasons_of(*plan), Catch::Contains("installed in the top directory"));
}

TEST_CASE("a lock file above that is no workspace's is not the project's")
{
    const auto plan = plan_of(
        {{"package.json", "{}"}, {"package-lock.json", "{}"}, {"site/package.json", k_vite}},
        {.root_directory = "site"}
    );

    CHECK(plan->install_directory == "site");
    CHECK(plan->toolchain.lock_file.empty());
    CHECK(plan->install[0].directory == "/work/site");
    CHECK(shown(plan->install[0]).starts_with("npm install"));
}

TEST_CASE("the nearest lock file counts")
{
    const auto plan = plan_of(
        {{"package.json", R"({"workspaces":["site"]})"},
         {"yarn.lock", ""},
         {"site/package.json", k_vite},
         {"site/package-lock.json", "{}"}},
        {.root_directory = "site"}
    );

    CHECK(plan->toolchain.lock_file == "site/package-lock.json");
    CHECK(plan->install_directory == "site");
}

TEST_CASE("a workspace that is built as a whole gets a hint when no site is found")
{
    const auto plan = plan_of(
        {{"package.json", R"({"workspaces":["a"],"scripts":{"build":"turbo build"}})"},
         {"a/package.json", k_vite}}
    );

    CHECK_THAT(plan->output_hint, Catch::Contains("root directory"));
}

TEST_CASE("a Yarn project without a lock file is Yarn of the kind that its settings are for")
{
    const std::string package = R"({"scripts":{"build":"x"},"packageManager":"yarn"})";

    CHECK(plan_of({{"package.json", package}, {".yarnrc.yml", "nodeLinker: node-modules"}}
    )->toolchain.version.starts_with("4."));
    CHECK(plan_of({{"package.json", package}})->toolchain.version.starts_with("1."));
}

TEST_CASE("the Node that a project asks for is carried along until it is found")
{
    const auto plan = plan_of({{"package.json", k_vite}, {".nvmrc", "22"}});

    CHECK(plan->node_wish == NodeWish{"22", ".nvmrc"});
    CHECK(plan->toolchain.node.empty());
    CHECK(plan->tools.empty());
}

}  // namespace
}  // namespace libra
