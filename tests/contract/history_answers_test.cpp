#include "shared/wire/history_answers.hpp"

#include "shared/wire/failure_report.hpp"
#include "tests/support/schema_breaches.hpp"

#include <catch2/catch.hpp>

namespace libra::embedded {

std::string_view schema_deployment();
std::string_view schema_deployment_files();
std::string_view schema_deployment_log();
std::string_view schema_deployments();
std::string_view schema_log_line();

}  // namespace libra::embedded

namespace libra::testing {

namespace {

constexpr UtcTime k_time{std::chrono::milliseconds{1'753'180'200'000}};  // 2025-07-22 10:30 UTC

DeploymentAnswer queued()
{
    return {
        .id = "4f1c",
        .project_id = "shop-42",
        .org_id = "acme",
        .user_id = "ada",
        .created_at = k_time,
    };
}

/// With every field.
DeploymentAnswer failed()
{
    DeploymentAnswer answer = queued();
    answer.status = DeploymentStatus::failed;
    answer.steps[3] = StepStatus::failed;
    answer.failure_class = FailureClass::user;
    answer.error_code = "build_failed";
    answer.error = "exit code 1";
    answer.url = "http://shop.localhost:8080/";
    answer.preview_url = "http://shop--1.localhost:8080/";
    answer.live = true;
    answer.kind = DeploymentKind::retry;
    answer.source_id = "4f1b";
    answer.started_at = k_time;
    answer.finished_at = k_time;
    return answer;
}

/// With every field.
FailureReport whole_report()
{
    const NameChanges names{
        .added = {.count = 2, .first = {"a", "b"}},
        .changed = {.count = 1, .first = {"c"}},
        .removed = {.count = 9, .first = {"d"}}};
    return {
        .phase = "build",
        .summary = "The build failed.",
        .command = "npm run build",
        .exit_code = 137,
        .first_errors = {"error: \"no\"\x01", std::string{"nul\0l", 5}},
        .cause = "out_of_memory",
        .likely_cause = "It needs more.",
        .fix = "Need less.",
        .limit = LimitHit{.resource = "memory", .limit = 2, .reached = 1},
        .changes = ReleaseChanges{
            .deployment_id = "4f1a",
            .finished_at = k_time,
            .files = names,
            .packages =
                PackageChanges{
                    .added = 1,
                    .changed = 1,
                    .removed = 1,
                    .first =
                        {{.name = "vite", .from = "5.0.0", .to = "6.0.0"},
                         {.name = "new", .to = "1.0.0"},
                         {.name = "old", .from = "1.0.0"}}},
            .environment = names,
            .toolchain = {{{.name = "node", .from = "20.1.0", .to = "22.0.0"}}}}};
}

}  // namespace

TEST_CASE("every list of a deployment's files obeys its schema")
{
    const std::string_view schema = embedded::schema_deployment_files();
    const ArtifactAnswer artifact{.digest = sha256("site").hex(), .files = 1, .bytes = 9};
    const SiteManifestFile file{.path = "a.js", .bytes = 9, .content_type = "text/javascript"};

    const std::string none =
        encode_deployment_files({.deployment_id = "4f1c", .artifact = artifact, .timestamp = k_time}
        );
    const std::string some = encode_deployment_files(
        {.deployment_id = "4f1c",
         .artifact = artifact,
         .files = {file},
         .next_cursor = "a.js",
         .timestamp = k_time}
    );

    CHECK(breaches(schema, none).empty());
    CHECK(breaches(schema, some).empty());
}

TEST_CASE("every list of deployments obeys its schema")
{
    const std::string_view schema = embedded::schema_deployments();

    CHECK(breaches(schema, encode_deployments({.timestamp = k_time})).empty());
    CHECK(breaches(
              schema,
              encode_deployments(
                  {.deployments = {queued(), failed()}, .next_cursor = "1.x", .timestamp = k_time}
              )
    )
              .empty());
}

TEST_CASE("every deployment in full obeys its schema")
{
    const std::string_view schema = embedded::schema_deployment();
    DeploymentDetailAnswer whole{
        .summary = failed(),
        .generation = 1,
        .attempts = {{.number = 1, .worker = "w-1", .started_at = k_time}},
        .artifact = ArtifactAnswer{.digest = std::string(64, 'a'), .files = 1, .bytes = 1}};
    whole.steps[3] = {
        .status = StepStatus::failed,
        .started_at = k_time,
        .finished_at = k_time,
        .attempt = 1,
        .error = "exit code 1"};

    FailureReport report = whole_report();
    report.limit->resource = GENERATE("memory", "disk", "files", "processes", "time");
    whole.failure_json = encode_failure_report(report);

    CHECK(breaches(schema, encode_deployment(whole)).empty());
    whole.failure_json = encode_failure_report({.phase = "deploy"});
    CHECK(breaches(schema, encode_deployment(whole)).empty());
    CHECK(breaches(schema, encode_deployment({.summary = queued(), .generation = 1})).empty());
}

TEST_CASE("every log and every line of one obeys its schema")
{
    const LogLineAnswer line{
        .seq = 1, .at = k_time, .step = "build", .stream = "stderr", .line = "\"no\"\x01"};

    CHECK(breaches(embedded::schema_log_line(), encode_log_line(line)).empty());
    CHECK(breaches(
              embedded::schema_deployment_log(),
              encode_log({.deployment_id = "4f1c", .lines = {line}, .timestamp = k_time})
    )
              .empty());
}

}  // namespace libra::testing
