#include "deploy-worker/build/build_plan.hpp"

#include "tests/unit/build/planning.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

namespace libra {
namespace {

using testing::fetched_and_installed;
using testing::Files;
using testing::plan_of;
using testing::reasons_of;
using testing::shown_all;
using testing::Strings;

const std::string k_built = R"({"scripts":{"build":"make"}})";

std::string with_dependency(const std::string& name, const std::string& script = "build")
{
    return R"({"scripts":{")" + script + R"(":"x"},"devDependencies":{")" + name + R"(":"1"}})";
}

TEST_CASE("a tree without package.json is the site itself")
{
    const auto plan = plan_of({{"index.html", "<h1>"}});

    REQUIRE(plan.has_value());
    CHECK_FALSE(plan->needs_build);
    CHECK(plan->install.empty());
    CHECK(plan->reasons.size() == 1);
}

TEST_CASE("a package.json below the top does not make a project of it")
{
    CHECK_FALSE(plan_of({{"index.html", ""}, {"demo/package.json", k_built}})->needs_build);
}

TEST_CASE("the lock file decides the package manager and how it installs")
{
    struct Case {
        Files locks;
        PackageManager manager;
        Strings install;
        std::string build;
    };

    const Case given = GENERATE(values<Case>({
        {{},
         PackageManager::npm,
         {"npm install --include=dev --no-audit --no-fund"},
         "npm run build"},
        {{{"package-lock.json", "{}"}},
         PackageManager::npm,
         {"npm ci --include=dev --no-audit --no-fund"},
         "npm run build"},
        {{{"npm-shrinkwrap.json", "{}"}},
         PackageManager::npm,
         {"npm ci --include=dev --no-audit --no-fund"},
         "npm run build"},
        {{{"pnpm-lock.yaml", "lockfileVersion: '9.0'\n"}},
         PackageManager::pnpm,
         {"pnpm@9.15.9", "pnpm install --frozen-lockfile --prod=false"},
         "pnpm run build"},
        {{{"yarn.lock", "# yarn lockfile v1\n"}},
         PackageManager::yarn,
         {"yarn@1.22.22", "yarn install --frozen-lockfile --production=false"},
         "yarn run build"},
        {{{"yarn.lock", "# generated\n\n__metadata:\n  version: 8\n"}},
         PackageManager::yarn,
         {"@yarnpkg/cli-dist@4.9.4", "yarn install --immutable"},
         "yarn run build"},
        {{{"bun.lock", "{}"}},
         PackageManager::bun,
         {to_string(bun_tool("1.3.14")), "bun install --frozen-lockfile"},
         "bun run build"},
        {{{"bun.lockb", "\x01"}},
         PackageManager::bun,
         {to_string(bun_tool("1.3.14")), "bun install --frozen-lockfile"},
         "bun run build"},
    }));
    Files files = given.locks;
    files["package.json"] = k_built;

    const auto plan = plan_of(files);

    REQUIRE(plan.has_value());
    CHECK(plan->needs_build);
    CHECK(plan->toolchain.manager == given.manager);
    CHECK(fetched_and_installed(*plan) == given.install);
    CHECK(shown_all(plan->build) == Strings{given.build});
}

TEST_CASE("packageManager decides where there is no lock file, and its exact version is used")
{
    struct Case {
        std::string declared;
        std::string first_command;
        std::string install;
    };

    const Case given = GENERATE(values<Case>({
        {"pnpm@8.10.2+sha256.abc", "pnpm@8.10.2", "pnpm install --no-frozen-lockfile --prod=false"},
        {"pnpm@latest", "pnpm@9.15.9", "pnpm install --no-frozen-lockfile --prod=false"},
        {"yarn@4.1.0", "@yarnpkg/cli-dist@4.1.0", "yarn install --no-immutable"},
        {"yarn@1.22.19", "yarn@1.22.19", "yarn install --production=false"},
        {"bun@1.1.0", to_string(bun_tool("1.1.0")), "bun install"},
        {"npm@10.1.0",
         "npm install --include=dev --no-audit --no-fund",
         "npm install --include=dev --no-audit --no-fund"},
        {"deno@2.0.0",
         "npm install --include=dev --no-audit --no-fund",
         "npm install --include=dev --no-audit --no-fund"},
    }));

    const auto plan = plan_of(
        {{"package.json",
          R"({"scripts":{"build":"x"},"packageManager":")" + given.declared + R"("})"}}
    );

    REQUIRE(plan.has_value());
    CHECK(fetched_and_installed(*plan).front() == given.first_command);
    CHECK(shown(plan->install.back()) == given.install);
}

TEST_CASE("every command finds the tools before the sandbox's own programs")
{
    const auto plan = plan_of({{"package.json", k_built}, {"pnpm-lock.yaml", ""}});

    REQUIRE(plan->tools.size() == 1);
    CHECK(plan->install.front().path == tool_paths(plan->tools));
    CHECK(plan->build.front().path == tool_paths(plan->tools));
}

TEST_CASE("of several lock files the one that packageManager names counts")
{
    const Files locks{{"pnpm-lock.yaml", ""}, {"package-lock.json", ""}, {"yarn.lock", ""}};

    Files undeclared = locks;
    undeclared["package.json"] = k_built;
    const auto found = plan_of(undeclared);
    CHECK(found->toolchain.manager == PackageManager::pnpm);
    CHECK_THAT(
        reasons_of(*found),
        Catch::Contains("Not gone by: yarn.lock, package-lock.json, because there is pnpm-lock")
    );

    Files declared = locks;
    declared["package.json"] = R"({"scripts":{"build":"x"},"packageManager":"npm@10.0.0"})";
    const auto named = plan_of(declared);
    CHECK(named->toolchain.manager == PackageManager::npm);
    CHECK_THAT(
        reasons_of(*named),
        Catch::Contains("pnpm-lock.yaml, yarn.lock, because `packageManager` names npm")
    );
}

TEST_CASE("a packageManager that is not gone by is named, with why")
{
    struct Case {
        std::string declared;
        std::string lock;
        std::string remark;
    };

    const Case given = GENERATE(values<Case>({
        {R"("cargo@1.0.0")", "", "(cargo@1.0.0), which is none of npm, pnpm, yarn and bun."},
        {"42", "", "in package.json, which is not a text."},
        {R"("npm@99.99.99")", "", "(npm@99.99.99), as to the version: npm is the one of Node."},
        {R"("yarn@1")", "", "(yarn@1), as to the version: it names no exact one."},
        {R"("pnpm")", "pnpm-lock.yaml", "(pnpm), as to the version: it names no exact one."},
        {R"("yarn@4.1.0")", "bun.lock", "(yarn@4.1.0), because the lock file is bun.lock."},
        {R"("a\u0000b")", "", "(a\uFFFDb), which is none of"},
        {R"("npm")", "", ""},
        {R"("pnpm@9.1.0")", "pnpm-lock.yaml", ""},
    }));
    Files files{
        {"package.json", R"({"scripts":{"build":"x"},"packageManager":)" + given.declared + "}"}};
    if (!given.lock.empty()) {
        files[given.lock] = "";
    }

    const std::string reasons = reasons_of(plan_of(files).value());

    if (given.remark.empty()) {
        CHECK_THAT(reasons, !Catch::Contains("Not gone by"));
    } else {
        CHECK_THAT(reasons, Catch::Contains("Not gone by: `packageManager` " + given.remark));
    }
}

TEST_CASE("a lock file wins over a packageManager that has none")
{
    const auto plan = plan_of(
        {{"package.json", R"({"scripts":{"build":"x"},"packageManager":"yarn@4.1.0"})"},
         {"pnpm-lock.yaml", "lockfileVersion: 5.4\n"}}
    );

    CHECK(to_string(plan->tools.front()) == "pnpm@7.33.7");
}

TEST_CASE("a page that is part of the source is not taken for the output")
{
    const auto plan = plan_of({{"package.json", k_built}, {"public/index.html", "template"}});

    const auto& candidates = plan->output_candidates;
    CHECK(std::find(candidates.begin(), candidates.end(), "public") == candidates.end());
}

TEST_CASE("a framework's script for a static site wins over build")
{
    const auto nuxt = plan_of(
        {{"package.json",
          R"({"scripts":{"build":"nuxt build","generate":"nuxt generate"},
              "dependencies":{"nuxt":"3"}})"}}
    );
    CHECK(shown_all(nuxt->build) == Strings{"npm run generate"});

    const auto docs = plan_of({{"package.json", with_dependency("vitepress", "docs:build")}});
    CHECK(shown_all(docs->build) == Strings{"npm run docs:build"});
}

TEST_CASE("without a build script an index.html at the top is served as it is")
{
    const auto plan = plan_of({{"package.json", R"({"name":"x"})"}, {"index.html", "<h1>"}});

    REQUIRE(plan.has_value());
    CHECK_FALSE(plan->needs_build);
    CHECK(plan->reasons.size() == 1);
}

TEST_CASE("without a build script the failure says which to add")
{
    const auto plain = plan_of({{"package.json", "{}"}});
    REQUIRE(plain.has_error());
    CHECK(plain.error().failure_class == FailureClass::user);
    CHECK(plain.error().code == "no_build_script");
}

TEST_CASE("a framework whose script is missing is run all the same")
{
    const auto vite =
        plan_of({{"package.json", R"({"dependencies":{"vite":"7"}})"}, {"index.html", "<script>"}});

    REQUIRE(vite.has_value());
    CHECK(shown_all(vite->build) == Strings{"vite build"});
    CHECK(vite->build[0].path == Strings{"/work/node_modules/.bin"});

    const auto yarn = plan_of(
        {{"package.json", R"({"dependencies":{"vite":"7"}})"},
         {".yarnrc.yml", ""},
         {"yarn.lock", ""}}
    );
    CHECK(shown_all(yarn->build) == Strings{"yarn run vite build"});
}

TEST_CASE("the failure of a project without a site names the packages it may be made from")
{
    const auto plan = plan_of(
        {{"package.json", R"({"workspaces":["apps/*"]})"},
         {"apps/web/package.json", k_built},
         {"docs/package.json", k_built}}
    );

    REQUIRE(plan.has_error());
    CHECK(plan.error().code == "no_build_script");
    CHECK(plan.error().message.find("(docs, apps/web)") != std::string::npos);
}

TEST_CASE("a package.json that cannot be read is the user's to mend")
{
    const std::string text = GENERATE(
        as<std::string>{},
        "",
        "{",
        "[]",
        "{} {}",
        "{\"a\":\"\xFF\"}",
        std::string{"{}\0", 3},
        std::string(2U << 20U, ' ')
    );

    const auto plan = plan_of({{"package.json", text}});

    REQUIRE(plan.has_error());
    CHECK(plan.error().failure_class == FailureClass::user);
    CHECK(plan.error().code == "invalid_package_json");
    CHECK(plan.error().message.starts_with("package.json cannot be used: it is "));
}

TEST_CASE("a build script that is not a text is the user's to mend, beside a page as well")
{
    const std::string script = GENERATE(as<std::string>{}, R"(["vite build"])", "{}", "7", "null");
    const Files files{
        {"package.json", R"({"scripts":{"build":)" + script + "}}"}, {"index.html", ""}};

    const auto plan = plan_of(files);

    REQUIRE(plan.has_error());
    CHECK(plan.error().code == "invalid_package_json");
    CHECK_THAT(plan.error().message, Catch::Contains("the script `build` is not a text"));
    CHECK(plan_of(files, {.build_command = "make"}).has_value());
}

TEST_CASE("a file that the store cannot give is a transient failure")
{
    const SourceManifest tree{{"package.json", {}}};

    const auto plan =
        plan_build(tree, [](const std::string&) -> Result<std::optional<std::string>> {
            return Error{Errc::unavailable, "disk"};
        });

    REQUIRE(plan.has_error());
    CHECK(plan.error().failure.failure_class == FailureClass::transient);
}

TEST_CASE("the hint for a failed install names the lock file")
{
    const auto plan = plan_of({{"package.json", k_built}, {"package-lock.json", "{}"}});

    CHECK(plan->install_hint.find("package-lock.json") != std::string::npos);
    CHECK(plan->install_hint.find("npm install") != std::string::npos);
}

}  // namespace
}  // namespace libra
