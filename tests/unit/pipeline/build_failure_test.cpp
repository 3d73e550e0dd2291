#include "deploy-worker/pipeline/steps/build_failure.hpp"

#include "deploy-worker/masking/secret_forms.hpp"
#include "tests/support/scripted_sandbox.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>

namespace libra {
namespace {

using namespace std::chrono_literals;
using testing::ScriptedSandbox;
using testing::TemporaryDirectory;

struct Bench {
    Bench()
    {
        job.tree = directory.path();
        job.plan = BuildPlan{.needs_build = true};
        auto made = std::make_unique<ScriptedSandbox>();
        sandbox = made.get();
        job.sandbox = std::move(made);
    }

    void put(const std::string& path, const std::string& text)
    {
        std::filesystem::create_directories((job.tree / path).parent_path());
        std::ofstream{job.tree / path} << text;
        job.source[path] = {.digest = sha256(text), .bytes = text.size()};
    }

    Failure explain(Failure failure)
    {
        return explained(
            std::move(failure), job, {.limits = {}, .allowed = 90s, .secrets = secrets}
        );
    }

    TemporaryDirectory directory;
    Job job;
    ScriptedSandbox* sandbox{};
    PatternSet secrets;
};

Failure build_failed(RecognizedError error)
{
    return {
        .failure_class = FailureClass::user,
        .code = "build_failed",
        .message = "The build failed: `npm run build` exited with code 1.\nCould not resolve",
        .report = FailureReport{
            .phase = "build",
            .summary = "The build failed: `npm run build` exited with code 1.",
            .command = "npm run build",
            .exit_code = 1,
            .first_errors = {"Could not resolve"},
            .recognized = {std::move(error)}}};
}

TEST_CASE("a failed build is explained by the project's files, and its message says so")
{
    Bench bench;
    bench.put("package.json", "{}");

    const Failure failure = bench.explain(
        build_failed({"module_not_found?", {{"module", "axios"}, {"file", "src/a.js"}}})
    );

    CHECK(failure.code == "build_failed");
    CHECK(failure.failure_class == FailureClass::user);
    CHECK(failure.report->cause == "missing_dependency");
    CHECK(
        failure.message ==
        "The build failed: `npm run build` exited with code 1. src/a.js imports axios, and "
        "package.json does not name axios. Run `npm install axios` in the project and deploy "
        "package.json and the lock file.\nCould not resolve"
    );
}

TEST_CASE("a failure that nobody recognises keeps its message")
{
    Bench bench;
    Failure plain = build_failed({});
    plain.report->recognized.clear();

    const Failure failure = bench.explain(plain);

    CHECK(failure.message == plain.message);
    CHECK(failure.report->cause.empty());
}

TEST_CASE("what is not the project's to mend is not explained")
{
    Bench bench;
    const Failure given{.failure_class = FailureClass::transient, .code = "platform_error"};

    CHECK(bench.explain(given) == given);
}

TEST_CASE("a missing output names the directories that the build made")
{
    Bench bench;
    bench.put("docs/index.html", "");
    bench.put("src/a.js", "");
    for (const char* const path :
         {"docs/index.html",
          "src/a.js",
          "www/site/index.html",
          "node_modules/x/index.html",
          "logs/a.txt"}) {
        bench.sandbox->put_file(path, "");
    }

    const Failure failure = bench.explain(
        {.failure_class = FailureClass::user,
         .code = "output_missing",
         .message = "No page. Looked for: dist.",
         .report = FailureReport{.phase = "output", .summary = "No page. Looked for: dist."}}
    );

    CHECK(failure.report->cause == "wrong_output_directory");
    CHECK(failure.report->fix == "Set outputDirectory to www/site.");
    CHECK_THAT(failure.report->likely_cause, !Catch::Contains("docs"));
    CHECK_THAT(failure.report->likely_cause, !Catch::Contains("node_modules"));
}

TEST_CASE("a time limit says which command ran into it, and how long it had")
{
    Bench bench;

    const Failure failure = bench.explain(
        {.failure_class = FailureClass::resource,
         .code = "time_limit",
         .message = "Too long.",
         .report = FailureReport{.phase = "build", .command = "npm run build"}}
    );

    CHECK(failure.report->limit == LimitHit{.resource = "time", .limit = 90'000});
    CHECK_THAT(failure.message, Catch::Contains("`npm run build`") && Catch::Contains("90 s"));
}

TEST_CASE("a plan that could not be made has its code as the cause")
{
    Bench bench;
    const Failure failed{
        .failure_class = FailureClass::user, .code = "no_build_script", .message = "None."};
    bench.job.plan = Planned{NoPlan{failed, {}}};

    const Failure failure = bench.explain(failed);

    CHECK(failure.report->phase == "plan");
    CHECK(failure.report->cause == "missing_script");
    CHECK(failure.message == "None.");
}

TEST_CASE("an explanation has no secret of the build")
{
    Bench bench;
    bench.secrets = patterns_of({"hush-hush"});

    const Failure failure = bench.explain(
        build_failed({"module_not_found?", {{"module", "./hush-hush"}, {"file", "src/a.js"}}})
    );

    CHECK_THAT(failure.message, !Catch::Contains("hush-hush"));
    CHECK_THAT(failure.report->likely_cause, Catch::Contains("imports ./[redacted]"));
}

}  // namespace
}  // namespace libra
