#include "deploy-worker/tracing/work_spans.hpp"

#include "tests/support/collected_spans.hpp"
#include "tests/support/fake_clock.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using testing::attribute;
using namespace std::chrono_literals;

struct Fixture {
    testing::CollectedSpans collected{};
    testing::FakeClock clock{};
    SystemRandom random{};
    WorkSpans spans{collected, clock, random};
    ClaimedDeployment claim{
        .lease = {"d1", 1},
        .attempt = 1,
        .project_id = "p1",
        .trace = {
            .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
            .span_id = "00f067aa0ba902b7",
            .parent_id = "b9c7c989f97918e1"}};

    const Span& last() const { return collected.spans.back(); }
};

TEST_CASE_METHOD(Fixture, "an attempt is the span of its claim, and its steps are below it")
{
    spans.attempt_began(claim, 1500ms);
    clock.advance(3s);
    spans.step_ended({.step = StepName::build, .outcome = StepOutcome::completed, .took = 2s});
    clock.advance(1s);
    spans.attempt_ended({.outcome = AttemptOutcome::completed});

    REQUIRE(collected.spans.size() == 2);
    const Span& step = collected.spans[0];
    const Span& attempt = collected.spans[1];
    CHECK(attempt.context == claim.trace);
    CHECK(attempt.kind == SpanKind::consumer);
    CHECK(attempt.ended - attempt.began == 4s);
    CHECK(attempt.error.empty());
    CHECK(attribute<std::int64_t>(attempt, "libra.queue_wait_ms") == 1500);
    CHECK(attribute(attempt, "libra.deployment.id") == "d1");
    CHECK(attribute(attempt, "libra.outcome") == "completed");
    CHECK(step.name == "build");
    CHECK(step.context.trace_id == claim.trace.trace_id);
    CHECK(step.context.parent_id == claim.trace.span_id);
    CHECK(step.began - attempt.began == 1s);
    CHECK(step.ended - step.began == 2s);
}

TEST_CASE_METHOD(Fixture, "a failed step says of which class its failure is, and which it is")
{
    spans.attempt_began(claim, 0ms);
    spans.step_ended(
        {.step = StepName::build,
         .outcome = StepOutcome::failed,
         .failure_class = FailureClass::user,
         .error_code = "build_failed"}
    );

    CHECK(last().error == "user");
    CHECK(attribute(last(), "error.type") == "build_failed");
}

TEST_CASE_METHOD(Fixture, "a step that was stopped did not fail")
{
    spans.attempt_began(claim, 0ms);
    spans.step_ended(
        {.step = StepName::build,
         .outcome = StepOutcome::stopped,
         .failure_class = FailureClass::transient,
         .error_code = "stopped"}
    );

    CHECK(last().error.empty());
    CHECK(attribute(last(), "libra.outcome") == "stopped");
}

TEST_CASE_METHOD(Fixture, "an attempt failed if its deployment did, or if another follows")
{
    spans.attempt_began(claim, 0ms);
    spans.attempt_ended({.outcome = AttemptOutcome::retry, .error_code = "internal_error"});
    CHECK(last().error == "transient");

    spans.attempt_began(claim, 0ms);
    spans.attempt_ended({.outcome = AttemptOutcome::abandoned, .lease_lost = true});
    CHECK(last().error == "lease_lost");

    spans.attempt_began(claim, 0ms);
    spans.attempt_ended({.outcome = AttemptOutcome::handed_back});
    CHECK(last().error.empty());
}

TEST_CASE_METHOD(Fixture, "of a trace that is not recorded no span is made")
{
    claim.trace.sampled = false;

    spans.attempt_began(claim, 0ms);
    spans.step_ended({.step = StepName::build});
    spans.attempt_ended({.outcome = AttemptOutcome::completed});

    CHECK(collected.spans.empty());
}

}  // namespace
}  // namespace libra
