#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

StepRecord step_of(const DeploymentRecord& record, StepName name)
{
    for (std::size_t index = 0; index < k_steps.size(); ++index) {
        if (k_steps.at(index) == name) {
            return record.steps.at(index);
        }
    }
    return {};
}

TEST_CASE("an unknown deployment is not found")
{
    Stage stage;

    const auto record = stage.reader.find("none");

    REQUIRE(record.has_error());
    CHECK(record.error().code == Errc::not_found);
}

TEST_CASE("a queued deployment shows six pending steps and nothing else")
{
    Stage stage;
    stage.accept("d1");

    const auto record = stage.reader.find("d1").value();

    CHECK(record.id == "d1");
    CHECK(record.status == DeploymentStatus::queued);
    CHECK_FALSE(record.current_step);
    CHECK(record.progress() == 0);
    CHECK(record.milestones.empty());
    CHECK_FALSE(record.error);
    CHECK_FALSE(record.url);
    CHECK(step_of(record, StepName::cleanup).status == StepStatus::pending);
}

TEST_CASE("a running deployment shows the step at work and the milestones, not the output")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.work.begin_step(lease, StepName::validate, "Validating").has_value());
    REQUIRE(stage.work.end_step(lease, StepName::validate, {}).has_value());
    REQUIRE(stage.work.append_log(lease, {{.stream = LogStream::out, .text = "noise"}}).has_value()
    );
    REQUIRE(stage.work.begin_step(lease, StepName::sync, "Syncing").has_value());

    const auto record = stage.reader.find("d1").value();

    CHECK(record.status == DeploymentStatus::in_progress);
    CHECK(record.current_step == StepName::sync);
    CHECK(record.progress() == 16);
    CHECK(record.milestones == std::vector<std::string>{"Validating", "Syncing"});
    CHECK(step_of(record, StepName::validate).status == StepStatus::completed);
    CHECK(step_of(record, StepName::validate).timestamp);
    CHECK(step_of(record, StepName::sync).status == StepStatus::in_progress);
}

TEST_CASE("a failed deployment shows the step that failed and why")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.work.begin_step(lease, StepName::build, "Building").has_value());
    REQUIRE(stage.work.end_step(lease, StepName::build, "exit code 2").has_value());
    REQUIRE(stage.work.begin_step(lease, StepName::cleanup, "Cleaning up").has_value());
    REQUIRE(stage.work.end_step(lease, StepName::cleanup, {}).has_value());
    const Failure failure{
        .failure_class = FailureClass::user, .code = "build_failed", .message = "It did not build"};
    REQUIRE(stage.work.fail(lease, failure, StepName::build, {.statistics_json = "{}"}).has_value()
    );

    const auto record = stage.reader.find("d1").value();

    CHECK(record.status == DeploymentStatus::failed);
    CHECK(record.current_step == StepName::build);
    CHECK(record.error == "It did not build");
    CHECK(step_of(record, StepName::build).error == "exit code 2");
}

TEST_CASE("a completed deployment shows its address and all of its progress")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.work.begin_step(lease, StepName::cleanup, "Cleaning up").has_value());
    REQUIRE(stage.work.complete(lease, {.url = "https://a.test"}).has_value());

    const auto record = stage.reader.find("d1").value();

    CHECK(record.status == DeploymentStatus::completed);
    CHECK_FALSE(record.current_step);
    CHECK(record.progress() == 100);
    CHECK(record.url == "https://a.test");
}

}  // namespace
}  // namespace libra
