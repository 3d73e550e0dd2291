#include "deploy-worker/metrics/work_metrics.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Contains;

struct Observed {
    Metrics metrics{};
    WorkMetrics work{metrics};

    bool shows(const std::string& sample) const
    {
        return ('\n' + metrics.expose()).find('\n' + sample + '\n') != std::string::npos;
    }
};

TEST_CASE("a worker is busy from an attempt's beginning to its end")
{
    Observed observed;
    CHECK(observed.shows("libra_worker_busy 0"));

    observed.work.attempt_began({.attempt = 1}, 2s);
    CHECK(observed.shows("libra_worker_busy 1"));

    observed.work.attempt_ended({.outcome = AttemptOutcome::completed});
    CHECK(observed.shows("libra_worker_busy 0"));
}

TEST_CASE("only a first attempt says how long a deployment waited in the queue")
{
    Observed observed;

    observed.work.attempt_began({.attempt = 1}, 2s);
    observed.work.attempt_began({.attempt = 2}, 40s);

    CHECK(observed.shows("libra_deployment_queue_wait_seconds_count 1"));
    CHECK(observed.shows("libra_deployment_queue_wait_seconds_sum 2"));
}

TEST_CASE("an attempt that takes up what a dead worker had is counted")
{
    Observed observed;

    observed.work.attempt_began({.attempt = 2}, 20s);
    CHECK(observed.shows(R"(libra_rescues_total{kind="attempt"} 0)"));

    observed.work.attempt_began({.attempt = 2, .taken_from = "worker-1"}, 40s);
    CHECK(observed.shows(R"(libra_rescues_total{kind="attempt"} 1)"));
}

TEST_CASE("a deployment that ended is counted, with the class of its failure and its time")
{
    Observed observed;

    observed.work.attempt_ended({.outcome = AttemptOutcome::completed, .since_accepted = 3s});
    observed.work.attempt_ended(
        {.outcome = AttemptOutcome::failed,
         .failure_class = FailureClass::resource,
         .since_accepted = 70s}
    );
    observed.work.attempt_ended({.outcome = AttemptOutcome::cancelled});

    CHECK(observed.shows(R"(libra_deployments_finished_total{class="none",status="completed"} 1)"));
    CHECK(observed.shows(R"(libra_deployments_finished_total{class="resource",status="failed"} 1)")
    );
    CHECK(observed.shows(R"(libra_deployments_finished_total{class="none",status="cancelled"} 1)"));
    CHECK(observed.shows(R"(libra_deployment_duration_seconds_sum{status="completed"} 3)"));
    CHECK(observed.shows(R"(libra_deployment_duration_seconds_sum{status="failed"} 70)"));
    CHECK(observed.shows(R"(libra_deployment_attempts_total{outcome="failed"} 1)"));
    CHECK(observed.shows(R"(libra_dead_letters_total{source="deployment"} 0)"));
}

TEST_CASE("an attempt that is followed by another ends no deployment")
{
    Observed observed;

    observed.work.attempt_ended({.outcome = AttemptOutcome::retry});
    observed.work.attempt_ended({.outcome = AttemptOutcome::handed_back});
    observed.work.attempt_ended({.outcome = AttemptOutcome::abandoned, .lease_lost = true});

    CHECK(observed.shows("libra_retries_total 1"));
    CHECK(observed.shows("libra_lease_losses_total 1"));
    CHECK(observed.shows(R"(libra_deployment_attempts_total{outcome="handed_back"} 1)"));
    CHECK(observed.shows(R"(libra_deployment_attempts_total{outcome="abandoned"} 1)"));
    CHECK(observed.shows(R"(libra_deployments_finished_total{class="none",status="completed"} 0)"));
}

TEST_CASE("a failure that is left to the operators is a dead letter as well")
{
    const FailureClass failure_class = GENERATE(FailureClass::exhausted, FailureClass::poison);
    Observed observed;

    observed.work.attempt_ended({.outcome = AttemptOutcome::failed, .failure_class = failure_class}
    );

    CHECK(observed.shows(R"(libra_dead_letters_total{source="deployment"} 1)"));
}

TEST_CASE("a claim that is refused may have ended the deployment")
{
    Observed observed;

    observed.work.refused(ClaimRefusal::cancelled);
    observed.work.refused(ClaimRefusal::exhausted);
    observed.work.refused(ClaimRefusal::terminal);
    observed.work.refused(ClaimRefusal::parked);

    CHECK(observed.shows(R"(libra_deployments_finished_total{class="none",status="cancelled"} 1)"));
    CHECK(observed.shows(R"(libra_deployments_finished_total{class="exhausted",status="failed"} 1)")
    );
    CHECK(observed.shows(R"(libra_dead_letters_total{source="deployment"} 1)"));
    CHECK(observed.shows(R"(libra_deployments_finished_total{class="none",status="completed"} 0)"));
}

TEST_CASE("steps are timed by how they ended")
{
    Observed observed;

    observed.work.step_ended({StepName::build, StepOutcome::completed, 4s});
    observed.work.step_ended({StepName::build, StepOutcome::stopped, 1s});

    CHECK(observed.shows(R"(libra_step_duration_seconds_sum{outcome="completed",step="build"} 4)"));
    CHECK(observed.shows(R"(libra_step_duration_seconds_count{outcome="stopped",step="build"} 1)"));
    CHECK(observed.shows(R"(libra_step_duration_seconds_count{outcome="failed",step="build"} 0)"));
}

TEST_CASE("what caches gave is counted, with the time it saved")
{
    Observed observed;

    observed.work.attempt_ended(
        {.outcome = AttemptOutcome::completed,
         .lookups = {{CacheName::site, false}, {CacheName::dependencies, true, 2500ms}}}
    );

    CHECK(observed.shows(R"(libra_cache_lookups_total{cache="site",result="miss"} 1)"));
    CHECK(observed.shows(R"(libra_cache_lookups_total{cache="dependencies",result="hit"} 1)"));
    CHECK(observed.shows(R"(libra_cache_seconds_saved_total{cache="dependencies"} 2.5)"));
    CHECK(observed.shows(R"(libra_cache_seconds_saved_total{cache="site"} 0)"));
}

TEST_CASE("dead letters and rescues are counted by what they were about")
{
    Observed observed;

    observed.work.buried(DeadLetterSource::message);
    observed.work.buried(DeadLetterSource::broker);
    observed.work.rescued(RescueKind::slot, 3);

    CHECK(observed.shows(R"(libra_dead_letters_total{source="message"} 1)"));
    CHECK(observed.shows(R"(libra_dead_letters_total{source="broker"} 1)"));
    CHECK(observed.shows(R"(libra_rescues_total{kind="slot"} 3)"));
    CHECK(observed.shows(R"(libra_rescues_total{kind="message"} 0)"));
}

}  // namespace
}  // namespace libra
