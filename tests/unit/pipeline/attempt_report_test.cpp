#include "deploy-worker/pipeline/attempt_report.hpp"

#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Contains;

std::optional<StepFailure> failure(FailureClass failure_class, std::string detail = {})
{
    return StepFailure{
        StepName::build,
        {.failure_class = failure_class, .code = "build_failed", .detail = std::move(detail)}};
}

std::string line_of(const std::optional<StepFailure>& failed, StopReason reason)
{
    testing::RecordingLog log;
    report_end(log.log(), failed, reason);
    REQUIRE(log.lines().size() == 1);
    return log.lines().front();
}

TEST_CASE("what a user's deployment ended with is no warning")
{
    const std::string line = line_of(failure(FailureClass::user), StopReason::none);

    CHECK_THAT(line, Contains(R"("level":"info")"));
    CHECK_THAT(line, Contains("deployment failed"));
    CHECK_THAT(line, Contains(R"("code":"build_failed")"));
    CHECK_THAT(line, !Contains(R"("reason")"));
}

TEST_CASE("a failure of the platform is a warning with its reason")
{
    const std::string line =
        line_of(failure(FailureClass::transient, "registry answered 503"), StopReason::none);

    CHECK_THAT(line, Contains(R"("level":"warning")"));
    CHECK_THAT(line, Contains("registry answered 503"));
}

TEST_CASE("an attempt that was stopped is not called a failure")
{
    const auto stopped = failure(FailureClass::transient);

    CHECK_THAT(line_of(stopped, StopReason::cancelled), Contains("deployment cancelled"));
    CHECK_THAT(line_of(stopped, StopReason::shutdown), Contains("deployment handed back"));
    CHECK_THAT(line_of(std::nullopt, StopReason::none), Contains("deployment completed"));
}

TEST_CASE("an end that could not be written is a warning that says why")
{
    testing::RecordingLog log;

    report_abandoned(log.log(), failure(FailureClass::user), {Errc::fenced, "lease lost"});

    REQUIRE(log.lines().size() == 1);
    CHECK_THAT(log.lines().front(), Contains(R"("level":"warning")"));
    CHECK_THAT(log.lines().front(), Contains(R"("reason":"lease lost")"));
}

TEST_CASE("an attempt counts as what its deployment came to")
{
    const auto by_user = failure(FailureClass::user);
    const auto passing = failure(FailureClass::transient);
    const auto outcome = [](const std::optional<StepFailure>& failed, StopReason reason) {
        return end_of_attempt(failed, reason, false).outcome;
    };

    CHECK(outcome(std::nullopt, StopReason::none) == AttemptOutcome::completed);
    CHECK(outcome(by_user, StopReason::none) == AttemptOutcome::failed);
    CHECK(outcome(passing, StopReason::none) == AttemptOutcome::retry);
    CHECK(outcome(passing, StopReason::cancelled) == AttemptOutcome::cancelled);
    CHECK(outcome(passing, StopReason::shutdown) == AttemptOutcome::handed_back);
    CHECK(outcome(passing, StopReason::lease_lost) == AttemptOutcome::abandoned);
}

TEST_CASE("a passing failure of the last attempt has used up the deployment")
{
    const auto passing = failure(FailureClass::transient);

    const AttemptEnd end = end_of_attempt(passing, StopReason::none, true);

    CHECK(end.outcome == AttemptOutcome::failed);
    CHECK(end.failure_class == FailureClass::exhausted);
}

}  // namespace
}  // namespace libra
