#include "shared/storage/pg_admissions.hpp"
#include "shared/storage/pg_redeploy_store.hpp"
#include "webhook_stage.hpp"

#include <map>

namespace libra {
namespace {

using testing::Stage;
using testing::WebhookStage;
using namespace std::chrono_literals;

using Headers = std::map<std::string, std::string>;

const TraceContext k_trace{
    .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
    .span_id = "00f067aa0ba902b7",
    .state = R"(vendor="a, \b")"};
const Headers k_headers{
    {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
    {"tracestate", R"(vendor="a, \b")"}};

/// A deployment with an idempotency key is accepted alone; without, with others.
void accept_in(Stage& stage, const TraceContext& trace, bool alone = false)
{
    NewDeployment deployment = stage.new_deployment("d1");
    deployment.trace = trace;
    if (alone) {
        deployment.idempotency_key = "key-1";
    }
    REQUIRE(stage.admit(deployment) == AdmissionVerdict::accepted);
}

/// The headers of the one message that waits; events are not looked at. None waits afterwards.
Headers take_headers(Stage& stage)
{
    stage.database.run("delete from outbox where event; update outbox set available_at = now()");
    const std::vector<OutboxRow> rows = stage.outbox.claim("relay", 10, 30s).value();
    REQUIRE(rows.size() == 1);
    stage.lose_messages();
    return rows[0].headers;
}

void finish(Stage& stage, const std::string& id)
{
    const Lease lease = stage.claim(id).lease;
    stage.go_live(lease);
    REQUIRE(stage.work.complete(lease, {.url = "https://a.test/"}).has_value());
}

TEST_CASE("a deployment's message and its claim say the trace that it was accepted in")
{
    Stage stage;
    accept_in(stage, k_trace, GENERATE(true, false));

    CHECK(take_headers(stage) == k_headers);
    CHECK(stage.claim("d1").trace == k_trace);
}

TEST_CASE("of several that are accepted together each has its own trace, or none")
{
    Stage stage;
    std::vector<NewDeployment> deployments;
    for (const std::string id : {"d1", "d2", "d3"}) {
        testing::SeededProject project = stage.seeded;
        project.project_id = "project-of-" + id;
        testing::seed_project(stage.database, project);
        deployments.push_back(stage.new_deployment(id));
        deployments.back().project_id = project.project_id;
    }
    deployments[0].trace = k_trace;
    deployments[2].trace = {.trace_id = std::string(32, 'a'), .span_id = std::string(16, 'b')};
    const Credential credential = stage.seeded.credential();
    std::vector<AdmissionQuestion> questions;
    std::vector<const AdmissionQuestion*> asked;
    questions.reserve(deployments.size());
    asked.reserve(deployments.size());
    for (const NewDeployment& deployment : deployments) {
        questions.push_back({credential, deployment});
    }
    for (const AdmissionQuestion& question : questions) {
        asked.push_back(&question);
    }
    OutboxAllowance allowance{100};

    REQUIRE(admit_together(stage.pool, {OutboxRoutes{}, allowance, {}}, asked).has_value());

    CHECK(stage.claim("d1").trace == k_trace);
    CHECK(stage.claim("d2").trace.empty());
    CHECK(stage.claim("d3").trace == deployments[2].trace);
}

TEST_CASE("a trace is not that of what the connection accepts next")
{
    Stage stage;
    accept_in(stage, k_trace);
    finish(stage, "d1");
    stage.lose_messages();

    stage.accept("d2");

    CHECK(take_headers(stage).empty());
}

TEST_CASE("each message about a deployment is in its trace")
{
    Stage stage;
    accept_in(stage, k_trace);
    take_headers(stage);

    SECTION("a retry's")
    {
        const Failure failure{.code = "internal_error", .message = "no"};
        REQUIRE(stage.work.retry_later(stage.claim("d1").lease, failure, StepName::build, 1s)
                    .has_value());
        CHECK(take_headers(stage) == k_headers);
    }
    SECTION("what a worker that shuts down hands back")
    {
        REQUIRE(stage.work.hand_back(stage.claim("d1").lease).has_value());
        CHECK(take_headers(stage) == k_headers);
    }
    SECTION("of a message that got lost")
    {
        stage.database.run("update deployments set due_at = now() - interval '1 minute'");
        REQUIRE(stage.rescue.announce_lost(true).value() == 1);
        CHECK(take_headers(stage) == k_headers);
    }
    SECTION("of one that waited for a slot")
    {
        stage.database.run("delete from slots where number > 1");
        stage.accept_elsewhere("d2");
        stage.lose_messages();
        const Lease other = stage.claim("d2").lease;
        const ClaimAnswer answer = stage.work.claim("d1", "worker-2").value();
        REQUIRE(std::get<ClaimRefusal>(answer) == ClaimRefusal::parked);
        REQUIRE(stage.work.complete(other, {}).has_value());
        CHECK(take_headers(stage) == k_headers);
    }
    SECTION("a dead letter's, which says more besides")
    {
        const Failure failure{
            .failure_class = FailureClass::exhausted, .code = "internal_error", .message = "no"};
        REQUIRE(
            stage.work
                .fail(stage.claim("d1").lease, failure, StepName::build, {.statistics_json = "{}"})
                .has_value()
        );
        Headers headers = take_headers(stage);
        CHECK(headers.erase("x-libra-reason") == 1);
        CHECK(headers.erase("x-libra-dead-letter") == 1);
        CHECK(headers == k_headers);
    }
}

TEST_CASE("a deployment made from an earlier one is in the trace of the request for it")
{
    Stage stage;
    PgRedeployStore redeployments{stage.pool, {}};
    stage.accept("d1");
    finish(stage, "d1");
    stage.lose_messages();

    const auto answer = redeployments.redeploy(
        {.id = "d2",
         .source_id = "d1",
         .user_id = stage.seeded.user_id,
         .request_id = "request-1",
         .trace = k_trace}
    );

    REQUIRE(answer.value().verdict == RedeployVerdict::accepted);
    CHECK(take_headers(stage) == k_headers);
}

TEST_CASE("a webhook's message is in the trace of the deployment it tells of")
{
    WebhookStage stage;
    stage.create("hook-1");
    accept_in(stage, k_trace);
    stage.claim("d1");

    CHECK(stage.claim_delivery().trace == k_trace);
}

TEST_CASE("a webhook's test is in no trace")
{
    WebhookStage stage;
    stage.create("hook-1");
    stage.store.test(stage.ada, "org-1", "hook-1");

    CHECK(stage.claim_delivery().trace.empty());
}

}  // namespace
}  // namespace libra
