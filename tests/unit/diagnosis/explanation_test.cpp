#include "deploy-worker/diagnosis/explanation.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <utility>

namespace libra {
namespace {

/// A project by its files, and a failure of its build.
struct Bench {
    explicit Bench(std::map<std::string, std::string> project) : files{std::move(project)}
    {
        for (const auto& [path, text] : files) {
            tree[path] = {.digest = sha256(text), .bytes = text.size()};
        }
    }

    FailureReport explained(FailureReport report)
    {
        const ReadText read = [this](const std::string& path) -> std::optional<std::string> {
            const auto file = files.find(path);
            return file == files.end() ? std::nullopt : std::optional{file->second};
        };
        explain(
            report,
            {.tree = tree,
             .read = read,
             .root = root,
             .manager = manager,
             .node_version = node_version,
             .memory_bytes = 2048ULL << 20U,
             .pages = pages,
             .made = made}
        );
        return report;
    }

    FailureReport explained(std::string cause, std::map<std::string, std::string> details)
    {
        return explained({.phase = "build", .recognized = {{std::move(cause), std::move(details)}}}
        );
    }

    FailureReport not_found(std::map<std::string, std::string> details)
    {
        return explained("module_not_found?", std::move(details));
    }

    std::map<std::string, std::string> files;
    SourceManifest tree;
    std::string root;
    std::string manager{"npm"};
    std::string node_version;
    std::vector<std::string> pages;
    std::vector<std::string> made;
};

const std::string k_package{
    R"({"scripts": {"dev": "vite", "start": "x"}, "dependencies": {"react": "1", "@acme/ui": "1"}})"};

TEST_CASE("an import in another case names the file as it is written")
{
    Bench bench{
        {{"src/App.jsx", ""}, {"src/components/Button.jsx", ""}, {"package.json", k_package}}};

    const FailureReport report =
        bench.not_found({{"module", "./components/button"}, {"file", "/work/src/App.jsx"}});

    CHECK(report.cause == "case_sensitive_import");
    CHECK(
        report.likely_cause ==
        "src/App.jsx imports ./components/button, but the file is src/components/Button.jsx; file "
        "names are case-sensitive here."
    );
    CHECK_FALSE(report.fix.empty());
}

TEST_CASE("an import in another case is found whatever it leaves out")
{
    struct Case {
        std::string file;
        std::map<std::string, std::string> details;
        std::string actual;
    };

    const Case given = GENERATE(values<Case>({
        {"src/Card/index.tsx",
         {{"module", "./card"}, {"file", "src/App.tsx"}},
         "src/Card/index.tsx"},
        {"src/Lib/tool.ts",
         {{"module", "../lib/tool.js"}, {"file", "src/a/App.ts"}},
         "src/Lib/tool.ts"},
        {"src/Button.jsx", {{"module", "./button"}, {"directory", "/work/src"}}, "src/Button.jsx"},
        {"src/ui/Button.jsx",
         {{"module", "@/ui/button"}, {"file", "src/App.jsx"}},
         "src/ui/Button.jsx"},
        {"src/Button.jsx",
         {{"path", "/work/src/button"}, {"file", "src/App.jsx"}},
         "src/Button.jsx"},
        {"src/Straße.vue",
         {{"module", "./STRASSE.vue"}, {"file", "src/App.vue"}},
         "src/Straße.vue"},
    }));
    Bench bench{{{given.file, ""}, {"src/App.jsx", ""}}};

    const FailureReport report = bench.not_found(given.details);

    CHECK(report.cause == "case_sensitive_import");
    CHECK_THAT(report.likely_cause, Catch::Contains("the file is " + given.actual + ";"));
}

TEST_CASE("a file that is not there in any case is missing, and one of its name elsewhere is named")
{
    Bench bench{{{"src/App.jsx", ""}, {"src/ui/Button.jsx", ""}}};

    const auto elsewhere = bench.not_found({{"module", "./Button"}, {"file", "src/App.jsx"}});
    CHECK(elsewhere.cause == "missing_file");
    CHECK_THAT(elsewhere.likely_cause, Catch::Contains("there is src/ui/Button.jsx."));

    const auto nowhere = bench.not_found({{"module", "./Card"}, {"file", "src/App.jsx"}});
    CHECK(nowhere.cause == "missing_file");
    CHECK(
        nowhere.likely_cause ==
        "src/App.jsx imports ./Card, and there is no such file in the project."
    );
}

TEST_CASE("a package that package.json does not name is a missing dependency")
{
    Bench bench{{{"package.json", k_package}}};
    bench.manager = "pnpm";

    const auto axios = bench.not_found({{"module", "axios/lib/x"}, {"file", "src/App.jsx"}});
    CHECK(axios.cause == "missing_dependency");
    CHECK(
        axios.likely_cause ==
        "src/App.jsx imports axios/lib/x, and package.json does not name axios."
    );
    CHECK_THAT(axios.fix, Catch::Contains("`pnpm add axios`"));

    const auto scoped = bench.not_found({{"module", "@acme/icons/a"}, {"file", "src/App.jsx"}});
    CHECK_THAT(scoped.likely_cause, Catch::Contains("does not name @acme/icons."));
}

TEST_CASE("a package that package.json names was not installed as wished")
{
    Bench bench{{{"package.json", k_package}}};

    const auto report = bench.not_found({{"module", "@acme/ui/button"}, {"file", "src/App.jsx"}});

    CHECK(report.cause == "dependency_not_installed");
    CHECK_THAT(report.likely_cause, Catch::Contains("package.json names @acme/ui"));
}

TEST_CASE("package.json is looked for where the commands ran, and at the top")
{
    Bench bench{
        {{"package.json", k_package},
         {"apps/site/package.json", R"({"dependencies": {"vue": "3"}})"}}};
    bench.root = "apps/site";

    CHECK(bench.not_found({{"module", "vue"}}).cause == "dependency_not_installed");
    CHECK(bench.not_found({{"module", "react"}}).cause == "dependency_not_installed");
    CHECK(bench.not_found({{"module", "axios"}}).cause == "missing_dependency");
    const auto inside = bench.not_found({{"module", "./x"}, {"file", "src/App.jsx"}});
    CHECK_THAT(inside.likely_cause, Catch::StartsWith("apps/site/src/App.jsx imports ./x"));
}

TEST_CASE("modules of Node.js and aliases are told from packages")
{
    Bench bench{{{"package.json", k_package}}};

    CHECK(bench.not_found({{"module", "node:fs"}, {"file", "a.js"}}).cause == "node_builtin");
    CHECK(bench.not_found({{"module", "fs/promises"}}).cause == "node_builtin");
    CHECK(bench.not_found({{"module", "@/ui/x"}, {"file", "a.js"}}).cause == "import_alias");
    CHECK(bench.not_found({{"module", "~/ui/x"}}).cause == "import_alias");
}

TEST_CASE("a command that is not there is a missing dependency where its package is known")
{
    Bench bench{{{"package.json", k_package}}};

    const auto tsc = bench.explained("missing_command", {{"tool", "tsc"}});
    CHECK(tsc.cause == "missing_dependency");
    CHECK_THAT(tsc.likely_cause, Catch::Contains("`tsc`, which typescript brings"));
    CHECK_THAT(tsc.fix, Catch::Contains("`npm install typescript`"));

    const auto react = bench.explained("missing_command", {{"tool", "react"}});
    CHECK(react.cause == "dependency_not_installed");

    const auto own = bench.explained("missing_command", {{"tool", "frobnicate"}});
    CHECK(own.cause == "missing_command");
    CHECK_THAT(own.likely_cause, Catch::Contains("`frobnicate`"));
}

TEST_CASE("a missing script is named beside those there are")
{
    Bench bench{{{"package.json", k_package}}};

    const auto report = bench.explained("missing_script", {{"script", "build"}});

    CHECK(report.likely_cause == "package.json has no script named build. It has: dev, start.");
    CHECK_THAT(report.fix, Catch::Contains("buildCommand"));
}

TEST_CASE("a lock file out of date is named with what it lacks")
{
    Bench bench{
        {{"package.json", k_package},
         {"package-lock.json",
          R"({"lockfileVersion": 3, "packages": {"node_modules/react": {"version": "1.0.0"}}})"}}};

    const auto known = bench.explained("lock_file_outdated", {});
    CHECK(
        known.likely_cause ==
        "package-lock.json does not match package.json: @acme/ui is in package.json and not in "
        "package-lock.json."
    );
    CHECK_THAT(known.fix, Catch::Contains("`npm install`"));

    Bench without{
        {{"package.json", k_package},
         {"yarn.lock", "react@1:\n  version \"1\"\n\"@acme/ui@1\":\n  version \"1\"\n"}}};
    without.manager = "yarn";
    const auto version = without.explained("lock_file_outdated", {{"package", "react@2"}});
    CHECK(version.likely_cause == "yarn.lock does not match package.json: it lacks react@2.");
    CHECK_THAT(version.fix, Catch::Contains("`yarn install`"));
}

TEST_CASE("a type error names file and line")
{
    Bench bench{{}};

    const auto report = bench.explained(
        "type_error",
        {{"file", "./src/App.tsx"}, {"line", "3"}, {"message", "Type '{}' is not 'x'."}}
    );

    CHECK(report.cause == "type_error");
    CHECK(report.likely_cause == "src/App.tsx, line 3, has a type error: Type '{}' is not 'x'.");
}

TEST_CASE("a site that was not found is named where it was left")
{
    Bench bench{{}};
    bench.made = {"public_html", "reports"};

    const auto made = bench.explained(FailureReport{.phase = "output"});
    CHECK(made.cause == "wrong_output_directory");
    CHECK_THAT(made.likely_cause, Catch::Contains("public_html, reports"));

    bench.pages = {"public_html"};
    const auto page = bench.explained(FailureReport{.phase = "output"});
    CHECK(page.fix == "Set outputDirectory to public_html.");

    bench.pages.clear();
    bench.made.clear();
    CHECK_THAT(
        bench.explained(FailureReport{.phase = "output"}).likely_cause,
        Catch::Contains("made no directory")
    );
}

TEST_CASE("a limit that was hit counts for more than what was printed")
{
    Bench bench{{}};
    const auto hit = [&](LimitHit limit) {
        return bench.explained(
            {.phase = "build",
             .command = "npm run build",
             .recognized = {{"type_error", {{"message", "x"}}}},
             .limit = std::move(limit)}
        );
    };

    const auto memory = hit({.resource = "memory", .limit = 2LL << 30U, .reached = 1LL << 30U});
    CHECK(memory.cause == "out_of_memory");
    CHECK_THAT(memory.likely_cause, Catch::Contains("1024 MiB of 2048 MiB"));
    CHECK(hit({.resource = "disk", .limit = 4LL << 30U}).cause == "out_of_disk");
    const auto files = hit({.resource = "files", .limit = 262'144, .reached = 262'121});
    CHECK(files.cause == "too_many_build_files");
    CHECK_THAT(files.likely_cause, Catch::Contains("holds 262144, and 262121 were there"));
    const auto processes = hit({.resource = "processes", .limit = 512, .reached = 512});
    CHECK(processes.cause == "out_of_processes");
    CHECK_THAT(processes.likely_cause, Catch::Contains("at once: 512."));
    const auto time = hit({.resource = "time", .limit = 90'000});
    CHECK(time.cause == "time_limit");
    CHECK_THAT(time.likely_cause, Catch::Contains("`npm run build`") && Catch::Contains("90 s"));
}

TEST_CASE("Node's own heap limit is told with the variable that raises it")
{
    Bench bench{{}};

    const auto report = bench.explained("out_of_memory_node", {});

    CHECK_THAT(report.fix, Catch::Contains("--max-old-space-size=1536"));
    CHECK_THAT(report.likely_cause, Catch::Contains("2048 MiB"));
}

TEST_CASE("a package manager that does not exist is asked for by packageManager")
{
    Bench bench{{{"package.json", k_package}}};

    const auto report = bench.explained(
        {.phase = "tools", .recognized = {{"no_such_version", {{"package", "pnpm@0.0.1"}}}}}
    );

    CHECK_THAT(report.likely_cause, Catch::Contains("no pnpm@0.0.1, which `packageManager` in"));
    CHECK_THAT(report.fix, Catch::Contains("`packageManager`"));
}

TEST_CASE("what is not recognised is not explained")
{
    Bench bench{{}};

    const auto report = bench.explained(FailureReport{.phase = "build", .first_errors = {"boom"}});

    CHECK(report.cause.empty());
    CHECK(report.likely_cause.empty());
    CHECK(report.fix.empty());
}

TEST_CASE("every cause the patterns know is told in sentences, whatever is known of it")
{
    Bench bench{{{"package.json", k_package}}};
    bench.node_version = "20.1.0";

    const std::string cause = GENERATE(
        "lock_file_outdated",
        "lock_file_unreadable",
        "peer_dependency_conflict",
        "no_such_version",
        "no_such_package",
        "registry_authentication",
        "registry_unreachable",
        "unsupported_node_version",
        "integrity_mismatch",
        "invalid_package_json",
        "native_module",
        "missing_script",
        "warnings_as_errors",
        "missing_environment_variable",
        "not_static",
        "out_of_disk",
        "out_of_memory_node"
    );
    const auto report = bench.explained(cause, {});

    CHECK(report.cause == cause);
    CHECK_FALSE(report.likely_cause.empty());
    CHECK_FALSE(report.fix.empty());
}

}  // namespace
}  // namespace libra
