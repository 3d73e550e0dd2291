#include "shared/wire/answers.hpp"

#include "shared/wire/account_answers.hpp"
#include "shared/wire/control_answers.hpp"
#include "shared/wire/letter_answers.hpp"
#include "shared/wire/upload_bodies.hpp"
#include "tests/support/schema_breaches.hpp"

#include <catch2/catch.hpp>

namespace libra::embedded {

std::string_view schema_dead_letter();
std::string_view schema_dead_letter_resolved();
std::string_view schema_dead_letters();
std::string_view schema_deploy_accepted();
std::string_view schema_deployment_cancelled();
std::string_view schema_deployment_queue();
std::string_view schema_deployment_status();
std::string_view schema_error();
std::string_view schema_file_uploaded();
std::string_view schema_health();
std::string_view schema_missing_files();
std::string_view schema_me();
std::string_view schema_redrive_result();
std::string_view schema_service();
std::string_view schema_session_created();
std::string_view schema_session_ended();
std::string_view schema_sessions();
std::string_view schema_token_created();
std::string_view schema_token_revoked();
std::string_view schema_tokens();

}  // namespace libra::embedded

namespace libra::testing {

namespace {

constexpr UtcTime k_time{std::chrono::milliseconds{1'753'180'200'000}};  // 2025-07-22 10:30 UTC

StatusAnswer finished()
{
    StatusAnswer answer{
        .deployment_id = "4f1c",
        .status = DeploymentStatus::failed,
        .current_step = StepName::build,
        .progress = 50,
        .logs = {"Validating deployment parameters...", "line \"two\"\n"},
        .error = "npm run build ended with exit code 1.",
        .url = "http://shop.localhost:8080",
        .timestamp = k_time,
    };
    answer.steps[0] = {.status = StepStatus::completed, .timestamp = k_time, .error = {}};
    answer.steps[3] = {.status = StepStatus::failed, .timestamp = k_time, .error = "exit code 1"};
    return answer;
}

LetterAnswer resolved_letter()
{
    return {
        .id = 1,
        .state = "discarded",
        .failure_class = FailureClass::exhausted,
        .reason = "three attempts failed",
        .deployment_id = "4f1c",
        .project_id = "shop-42",
        .org_id = "acme",
        .created_at = k_time,
        .resolved_at = k_time,
        .resolved_by = "ada",
        .resolution = "given up",
    };
}

AttemptAnswer failed_attempt()
{
    return {
        .number = 1,
        .worker = "w-1",
        .started_at = k_time,
        .ended_at = k_time,
        .outcome = "failed",
        .step = "build",
        .failure_class = "exhausted",
        .error_code = "platform_error",
        .error = "not your doing",
    };
}

}  // namespace

TEST_CASE("every answer obeys its schema")
{
    CHECK(breaches(embedded::schema_deploy_accepted(), encode_accepted("4f1c", k_time)).empty());
    CHECK(breaches(embedded::schema_deployment_status(), encode_status(finished())).empty());
    CHECK(breaches(embedded::schema_deployment_status(), encode_status({.deployment_id = "x"}))
              .empty());
    CHECK(breaches(embedded::schema_health(), encode_health({.version = "1"})).empty());
    CHECK(breaches(
              embedded::schema_service(), encode_service({.version = "1", .endpoints = {"GET /"}})
    ).empty());
}

TEST_CASE("every form of error obeys the error schema")
{
    const std::string_view schema = embedded::schema_error();

    CHECK(breaches(schema, encode_error("not_found", "No.", k_time)).empty());
    CHECK(breaches(
              schema, encode_error("not_found", "No.", k_time, encode_problems({{"", "is bad"}}))
    ).empty());
    CHECK(breaches(
              schema, encode_error("conflict", "No.", k_time, encode_blocking_deployment("4f1c"))
    )
              .empty());
    CHECK(
        breaches(schema, encode_error("Not Found", "No.", k_time)) ==
        "/error must match ^[a-z][a-z0-9_]{0,63}$"
    );
}

TEST_CASE("every answer about cancelling and waiting obeys its schema")
{
    const std::string_view cancelled = embedded::schema_deployment_cancelled();
    const std::string_view queue = embedded::schema_deployment_queue();
    QueueAnswer place{.deployment_id = "4f1c", .blocked_by = {.reason = "none"}};

    CHECK(breaches(cancelled, encode_cancel({.deployment_id = "4f1c"})).empty());
    CHECK(breaches(cancelled, encode_cancel({.deployment_id = "4f1c", .stopping = true})).empty());
    CHECK(breaches(queue, encode_queue_place(place)).empty());
    place.blocked_by = {.reason = "project", .deployment_id = "4f1b", .retry_at = k_time};
    CHECK(breaches(queue, encode_queue_place(place)).empty());
    place.status = DeploymentStatus::completed;
    CHECK(breaches(queue, encode_queue_place(place)).empty());
}

TEST_CASE("every answer about files obeys its schema")
{
    const Digest digest = sha256("x");
    const std::vector<SourceFile> files{
        {.path = "a", .content = Upload{digest}}, {.path = "b", .content = "text"}};

    CHECK(
        breaches(embedded::schema_file_uploaded(), encode_uploaded_file(digest, 0, k_time)).empty()
    );
    CHECK(breaches(embedded::schema_missing_files(), encode_missing_files({}, k_time)).empty());
    CHECK(breaches(embedded::schema_missing_files(), encode_missing_files({digest}, k_time)).empty()
    );
    CHECK(breaches(
              embedded::schema_error(),
              encode_error(
                  "missing_files", "Upload them.", k_time, encode_missing_uploads(files, {digest})
              )
    )
              .empty());
}

TEST_CASE("every answer about dead letters obeys its schema")
{
    const std::string_view list = embedded::schema_dead_letters();
    const std::string_view detail = embedded::schema_dead_letter();
    const std::string_view resolved = embedded::schema_dead_letter_resolved();
    const LetterAnswer least{
        .id = 1, .state = "open", .failure_class = FailureClass::poison, .reason = "unreadable"};
    const LetterAnswer most = resolved_letter();
    const AttemptAnswer ended = failed_attempt();

    CHECK(breaches(list, encode_letters({.letters = {least, most}, .next_cursor = "1"})).empty());
    CHECK(breaches(list, encode_letters({})).empty());
    CHECK(breaches(detail, encode_letter(least, "\xFF", {})).empty());
    CHECK(breaches(detail, encode_letter(least, "no JSON", {})).empty());
    CHECK(breaches(detail, encode_letter(most, "{}", {ended, {.number = 2}})).empty());
    CHECK(breaches(resolved, encode_resolved_letter(1, "requeued", "Sent.", k_time)).empty());
    CHECK(breaches(resolved, encode_resolved_letter(1, "discarded", "Closed.", k_time)).empty());
    CHECK(breaches(embedded::schema_redrive_result(), encode_redrive({.requeued = 2})).empty());
}

TEST_CASE("a new deployment's status has all six steps and no optional field")
{
    CHECK(
        encode_status({.deployment_id = "4f1c", .timestamp = k_time}) ==
        R"({"deploymentId":"4f1c","status":"queued","progress":0,"steps":{)"
        R"("validate":{"status":"pending"},"sync":{"status":"pending"},)"
        R"("sandbox":{"status":"pending"},"build":{"status":"pending"},)"
        R"("deploy":{"status":"pending"},"cleanup":{"status":"pending"}},)"
        R"("logs":[],"timestamp":"2025-07-22T10:30:00.000Z"})"
    );
}

TEST_CASE("an accepted deployment is answered as the original service did")
{
    CHECK(
        encode_accepted("4f1c", k_time) ==
        R"({"success":true,"deploymentId":"4f1c","status":"queued",)"
        R"("message":"Deployment queued successfully","timestamp":"2025-07-22T10:30:00.000Z"})"
    );
}

TEST_CASE("one failing dependency makes the service unhealthy")
{
    CHECK(
        encode_health(
            {.version = "0.1.0",
             .uptime = std::chrono::minutes{2},
             .database_healthy = true,
             .queue_healthy = false,
             .timestamp = k_time}
        ) == R"({"status":"unhealthy","timestamp":"2025-07-22T10:30:00.000Z",)"
             R"("service":"Libra Deploy V2","version":"0.1.0","uptime":120000,)"
             R"("checks":{"database":"healthy","queue":"unhealthy"}})"
    );
}

TEST_CASE("an answer is well-formed UTF-8 whatever text it is given")
{
    CHECK(
        encode_error("bad", "caf\xE9 \"x\"", k_time) ==
        "{\"success\":false,\"error\":\"bad\",\"message\":\"caf\xEF\xBF\xBD \\\"x\\\"\","
        "\"timestamp\":\"2025-07-22T10:30:00.000Z\"}"
    );
}

TEST_CASE("what is said of accounts is what the schemas say")
{
    const TokenAnswer token{
        .id = "t-1",
        .name = "ci",
        .user_id = "ada",
        .scopes = {"deploy"},
        .created_at = k_time,
        .expires_at = k_time,
        .last_used_at = k_time};
    const SessionAnswer session{
        .id = "s-1", .user_id = "ada", .created_at = k_time, .expires_at = k_time};
    const Secret secret{"libra_secret"};
    const MeAnswer me{
        .user_id = "ada",
        .scopes = {"admin"},
        .organizations = {{.org_id = "acme", .name = "Acme", .role = "owner"}},
        .timestamp = k_time};

    CHECK(breaches(embedded::schema_me(), encode_me(me)).empty());
    CHECK(breaches(embedded::schema_tokens(), encode_tokens({token}, "17", k_time)).empty());
    CHECK(
        breaches(embedded::schema_token_created(), encode_new_token(token, secret, k_time)).empty()
    );
    CHECK(breaches(embedded::schema_token_revoked(), encode_revoked_token("t-1", k_time)).empty());
    CHECK(breaches(embedded::schema_sessions(), encode_sessions({session}, "17", k_time)).empty());
    CHECK(breaches(embedded::schema_session_created(), encode_new_session(session, secret, k_time))
              .empty());
    CHECK(breaches(embedded::schema_session_ended(), encode_ended_session("s-1", k_time)).empty());
}

}  // namespace libra::testing
