#include "shared/domain/deployment.hpp"

#include "shared/domain/failure.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

TEST_CASE("every word of a deployment's states is read back")
{
    for (const auto status :
         {DeploymentStatus::queued,
          DeploymentStatus::in_progress,
          DeploymentStatus::completed,
          DeploymentStatus::failed,
          DeploymentStatus::cancelled}) {
        CHECK(parse_deployment_status(to_string(status)) == status);
    }
    for (const auto kind :
         {DeploymentKind::deploy,
          DeploymentKind::retry,
          DeploymentKind::promote,
          DeploymentKind::rollback}) {
        CHECK(parse_deployment_kind(to_string(kind)) == kind);
    }
    for (const StepName step : k_steps) {
        CHECK(parse_step_name(to_string(step)) == step);
    }
    for (const auto status :
         {StepStatus::pending,
          StepStatus::in_progress,
          StepStatus::completed,
          StepStatus::failed}) {
        CHECK(parse_step_status(to_string(status)) == status);
    }
    for (const auto failure_class :
         {FailureClass::user,
          FailureClass::transient,
          FailureClass::resource,
          FailureClass::poison,
          FailureClass::exhausted}) {
        CHECK(parse_failure_class(to_string(failure_class)) == failure_class);
    }
}

TEST_CASE("other words are no states")
{
    for (const std::string_view word : {"", "Queued", "queued ", "unknown", "done"}) {
        CAPTURE(word);
        CHECK_FALSE(parse_deployment_status(word));
        CHECK_FALSE(parse_deployment_kind(word));
        CHECK_FALSE(parse_step_name(word));
        CHECK_FALSE(parse_step_status(word));
        CHECK_FALSE(parse_failure_class(word));
    }
}

TEST_CASE("only a promotion and a rollback reuse a release")
{
    CHECK(reuses_release(DeploymentKind::promote));
    CHECK(reuses_release(DeploymentKind::rollback));
    CHECK_FALSE(reuses_release(DeploymentKind::deploy));
    CHECK_FALSE(reuses_release(DeploymentKind::retry));
}

TEST_CASE("three states are final")
{
    CHECK_FALSE(is_terminal(DeploymentStatus::queued));
    CHECK_FALSE(is_terminal(DeploymentStatus::in_progress));
    CHECK(is_terminal(DeploymentStatus::completed));
    CHECK(is_terminal(DeploymentStatus::failed));
    CHECK(is_terminal(DeploymentStatus::cancelled));
}

TEST_CASE("a transient failure tells the user what was going on and the log the rest")
{
    const Failure failure =
        transient_failure("storing the source", {Errc::unavailable, "disk /dev/x is gone"});

    CHECK(failure.failure_class == FailureClass::transient);
    CHECK(failure.message.find("storing the source") != std::string::npos);
    CHECK(failure.message.find("/dev/x") == std::string::npos);
    CHECK(failure.detail == "storing the source: unavailable: disk /dev/x is gone");
}

}  // namespace libra::testing
