#include "deploy-worker/pipeline/pipeline.hpp"

#include "tests/support/fake_random.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/recording_target.hpp"
#include "tests/support/recording_work_store.hpp"
#include "tests/support/scripted_step.hpp"
#include "tests/support/still_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::ScriptedStep;

constexpr int k_keeper_threads{2};  // of the lease's keeper

const std::string k_params{R"({"projectId":"p","orgId":"o","userId":"u"})"};

struct Fixture {
    testing::StillClock clock;
    testing::FakeRandom random;
    testing::RecordingLog log;
    testing::RecordingWorkStore store;
    testing::RecordingTarget target;
    testing::TemporaryDirectory work_root;
    ClaimedDeployment claim{
        .lease = {.deployment_id = "d1", .fence = 1},
        .attempt = 1,
        .params_json = k_params};

    JobEnd run(std::vector<std::unique_ptr<Step>> steps)
    {
        Pipeline pipeline{
            store,
            target,
            std::move(steps),
            clock,
            random,
            log.redactor(),
            log.log(),
            {.work_root = work_root.path()}};
        return pipeline.run(claim, clock.now());
    }

    bool saw(const std::string& call) const
    {
        const auto calls = store.calls();
        return std::find(calls.begin(), calls.end(), call) != calls.end();
    }
};

ScriptedStep::Body fails_with(FailureClass failure_class)
{
    return [failure_class](Job&, StepControl&) -> Outcome<void> {
        return Failure{.failure_class = failure_class, .code = "broken", .message = "It broke."};
    };
}

TEST_CASE("a deployment goes through the six steps in order and completes")
{
    Fixture fixture;

    const JobEnd end = fixture.run(testing::steps_with(StepName::validate, {}));

    CHECK(end == JobEnd::settled);
    CHECK(
        fixture.store.calls() ==
        std::vector<std::string>{
            "begin validate",
            "end validate",
            "begin sync",
            "end sync",
            "begin sandbox",
            "end sandbox",
            "begin build",
            "end build",
            "begin deploy",
            "end deploy",
            "begin cleanup",
            "end cleanup",
            "complete http://site.example/"}
    );
}

TEST_CASE("an attempt goes on from what an earlier one uploaded, if the target still has it")
{
    Fixture fixture;
    fixture.claim.uploaded = UploadedArtifact{.release_name = "d1-1"};
    std::optional<UploadedArtifact> seen;
    const auto look = [&](Job& job, StepControl&) -> Outcome<void> {
        seen = job.uploaded;
        job.address = ReleaseAddress{};
        return {};
    };
    const auto run = [&] {
        auto steps = testing::steps_with(StepName::deploy, look);
        for (auto& step : steps) {
            dynamic_cast<ScriptedStep&>(*step).before_upload =
                step->name() == StepName::sync || step->name() == StepName::build;
        }
        fixture.run(std::move(steps));
    };

    SECTION("it has it")
    {
        fixture.target.releases = {"d1-1"};
        run();
        CHECK(seen == fixture.claim.uploaded);
        CHECK(fixture.saw("begin validate"));
        CHECK_FALSE(fixture.saw("begin sync"));
        CHECK_FALSE(fixture.saw("begin build"));
    }
    SECTION("it has it no more")
    {
        run();
        CHECK_FALSE(seen.has_value());
        CHECK(fixture.saw("begin build"));
    }
}

TEST_CASE("a release that was to be live again and is not kept any more is not built anew")
{
    Fixture fixture;
    fixture.claim.kind = GENERATE(DeploymentKind::promote, DeploymentKind::rollback);
    fixture.claim.uploaded = UploadedArtifact{.release_name = "d0-1"};

    const JobEnd end = fixture.run(testing::steps_with(StepName::validate, {}));

    CHECK(end == JobEnd::settled);
    CHECK(
        fixture.store.calls() ==
        std::vector<std::string>{"begin cleanup", "end cleanup", "fail deploy user release_gone"}
    );
}

TEST_CASE("a user failure ends the deployment at once, and cleanup still runs")
{
    Fixture fixture;

    fixture.run(testing::steps_with(StepName::build, fails_with(FailureClass::user)));

    CHECK(fixture.saw("end build: It broke."));
    CHECK_FALSE(fixture.saw("begin deploy"));
    CHECK(fixture.saw("end cleanup"));
    CHECK(fixture.store.calls().back() == "fail build user broken");
}

TEST_CASE("a resource failure is not retried")
{
    Fixture fixture;

    fixture.run(testing::steps_with(StepName::build, fails_with(FailureClass::resource)));

    CHECK(fixture.store.calls().back() == "fail build resource broken");
}

TEST_CASE("a transient failure is retried with a growing delay")
{
    Fixture fixture;

    SECTION("the first time after the base")
    {
        fixture.run(testing::steps_with(StepName::sync, fails_with(FailureClass::transient)));
        CHECK(fixture.store.calls().back() == "retry sync broken in 5004");
    }

    SECTION("the second time after four times the base")
    {
        fixture.claim.attempt = 2;
        fixture.claim.retry_count = 1;
        fixture.run(testing::steps_with(StepName::sync, fails_with(FailureClass::transient)));
        CHECK(fixture.store.calls().back() == "retry sync broken in 20016");
    }
}

TEST_CASE("a transient failure of the last attempt is exhausted")
{
    Fixture fixture;
    fixture.claim.attempt = 3;
    fixture.claim.retry_count = 2;

    fixture.run(testing::steps_with(StepName::sync, fails_with(FailureClass::transient)));

    CHECK(fixture.store.calls().back() == "fail sync exhausted broken");
}

TEST_CASE("a transient failure after the step's deadline is a time limit")
{
    Fixture fixture;
    auto* clock = &fixture.clock;

    fixture.run(testing::steps_with(
        StepName::sync,
        [clock](Job&, StepControl& control) -> Outcome<void> {
            clock->settle(k_keeper_threads);
            clock->advance(31s);
            CHECK(control.interrupted());
            return Failure{.code = "late"};
        }
    ));

    CHECK(fixture.store.calls().back() == "fail sync resource time_limit");
}

TEST_CASE("an exception in a step is a transient failure, and cleanup still runs")
{
    Fixture fixture;

    fixture.run(testing::steps_with(StepName::deploy, [](Job&, StepControl&) -> Outcome<void> {
        throw std::runtime_error{"a bug"};
    }));

    CHECK(fixture.saw("end cleanup"));
    CHECK(fixture.store.calls().back() == "retry deploy internal_error in 5004");
}

TEST_CASE("state writes wait for a database that is away for a moment")
{
    Fixture fixture;
    fixture.store.write_errors = {Errc::unavailable, Errc::unavailable};

    const JobEnd end = fixture.run(testing::steps_with(StepName::validate, {}));

    CHECK(end == JobEnd::settled);
    CHECK(fixture.store.calls().back() == "complete http://site.example/");
}

TEST_CASE("output that the store does not take holds no deployment")
{
    Fixture fixture;
    fixture.store.append_errors = std::deque<Errc>(1000, Errc::unavailable);
    auto* clock = &fixture.clock;

    const JobEnd end = fixture.run(testing::steps_with(
        StepName::build,
        [clock](Job&, StepControl& control) -> Outcome<void> {
            clock->settle(k_keeper_threads);
            control.commands.line(OutputStream::out, "too much for the store");
            return {};
        }
    ));

    CHECK(end == JobEnd::settled);
    CHECK(fixture.store.calls().back() == "complete http://site.example/");
}

TEST_CASE("the log of a step that failed ends with how it did")
{
    Fixture fixture;

    fixture.run(testing::steps_with(StepName::sync, fails_with(FailureClass::user)));

    REQUIRE(fixture.store.lines().size() == 1);
    CHECK(fixture.store.lines()[0].text == "Failed: It broke.");
    CHECK(fixture.store.lines()[0].step == StepName::sync);
}

TEST_CASE("after a fenced write nothing more is written and the message has to come again")
{
    Fixture fixture;
    auto* store = &fixture.store;

    const JobEnd end =
        fixture
            .run(testing::steps_with(StepName::build, [store](Job&, StepControl&) -> Outcome<void> {
                store->write_errors = {Errc::fenced};
                return {};
            }));

    CHECK(end == JobEnd::abandoned);
    CHECK(fixture.store.calls().back() == "begin build");
}

TEST_CASE("an interrupted attempt is handed back")
{
    Fixture fixture;
    Pipeline* running = nullptr;
    Pipeline pipeline{
        fixture.store,
        fixture.target,
        testing::steps_with(
            StepName::build,
            [&](Job&, StepControl& control) -> Outcome<void> {
                running->interrupt();
                CHECK(control.interrupted());
                return Failure{.code = "stopped"};
            }
        ),
        fixture.clock,
        fixture.random,
        fixture.log.redactor(),
        fixture.log.log(),
        {.work_root = fixture.work_root.path()}};
    running = &pipeline;

    const JobEnd end = pipeline.run(fixture.claim, fixture.clock.now());

    CHECK(end == JobEnd::settled);
    CHECK(fixture.store.calls().back() == "hand back");
    REQUIRE(fixture.store.lines().size() == 1);
    CHECK(fixture.store.lines()[0].text == "The worker shuts down; another one begins anew.");
}

TEST_CASE("work trees of earlier attempts are removed, the running one's is not")
{
    Fixture fixture;
    const auto earlier = fixture.work_root.path() / "d0-7";
    std::filesystem::create_directories(earlier / "tree");
    Pipeline* running = nullptr;
    std::filesystem::path own;
    bool own_kept = false;
    Pipeline pipeline{
        fixture.store,
        fixture.target,
        testing::steps_with(
            StepName::build,
            [&](Job& job, StepControl&) -> Outcome<void> {
                own = job.directory;
                CHECK(running->remove_stale_trees().has_value());
                own_kept = std::filesystem::exists(own);
                return {};
            }
        ),
        fixture.clock,
        fixture.random,
        fixture.log.redactor(),
        fixture.log.log(),
        {.work_root = fixture.work_root.path()}};
    running = &pipeline;

    pipeline.run(fixture.claim, fixture.clock.now());
    const bool earlier_kept = std::filesystem::exists(earlier);
    const auto afterwards = pipeline.remove_stale_trees();

    CHECK(own_kept);
    CHECK_FALSE(earlier_kept);
    CHECK(afterwards.has_value());
    CHECK_FALSE(std::filesystem::exists(own));
}

TEST_CASE("a work tree that cannot be removed is told of")
{
    Fixture fixture;
    Pipeline pipeline{
        fixture.store,
        fixture.target,
        {},
        fixture.clock,
        fixture.random,
        fixture.log.redactor(),
        fixture.log.log(),
        {.work_root = "/proc/self/fdinfo"}};  // where nothing can be removed

    const auto removed = pipeline.remove_stale_trees();

    REQUIRE(removed.has_error());
    CHECK(removed.error().code == Errc::unavailable);
}

TEST_CASE("stored parameters that cannot be read are poison, not a crash")
{
    Fixture fixture;
    fixture.claim.params_json = "[]";

    fixture.run(testing::steps_with(StepName::validate, {}));

    CHECK(fixture.store.calls().back() == "fail validate poison unreadable_parameters");
}

TEST_CASE("cleanup that leaves something behind does not undo a live deployment")
{
    Fixture fixture;

    fixture.run(testing::steps_with(StepName::cleanup, fails_with(FailureClass::transient)));

    CHECK(fixture.saw("end cleanup: It broke."));
    CHECK(fixture.store.calls().back() == "complete http://site.example/");
}

}  // namespace
}  // namespace libra
