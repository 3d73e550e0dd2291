#include "deploy-worker/service/worker_endpoint.hpp"

#include "shared/http/error_kind.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_database_probe.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace libra {
namespace {

using Catch::Matchers::Contains;

struct Fixture {
    Fixture()
    {
        state.prepared = true;
        monitor.look();
    }

    HttpResponse ask(std::string path, std::string_view method = "GET")
    {
        const HttpRequest request{.method = method, .path = std::move(path)};
        const std::optional<HttpResponse> at_once = endpoint.answer_at_once(request);
        return at_once ? *at_once : endpoint.answer(request);
    }

    testing::FakeDatabaseProbe probe;
    testing::FakeClock clock;
    testing::RecordingLog log;
    bool broker{true};
    HealthMonitor monitor{probe, [this] { return broker; }, clock, log.log()};
    WorkerState state;
    Metrics metrics;
    WorkerEndpoint endpoint{{monitor, state, metrics, log.log()}};
};

TEST_CASE_METHOD(Fixture, "a worker that would take a deployment is ready")
{
    CHECK(ask("/readyz").status == 200);
    CHECK(ask("/livez").status == 200);
}

TEST_CASE_METHOD(Fixture, "a worker without its database is alive and not ready")
{
    probe.answer = Error{Errc::unavailable, "gone"};
    monitor.look();

    CHECK(ask("/livez").status == 200);
    CHECK(ask("/readyz").status == 503);
    CHECK_THAT(ask("/readyz").body, Contains("database"));
}

TEST_CASE_METHOD(Fixture, "a worker without the broker is not ready")
{
    broker = false;

    CHECK(ask("/readyz").status == 503);
    CHECK_THAT(ask("/readyz").body, Contains("broker"));
}

TEST_CASE_METHOD(Fixture, "a worker that is being prepared is not ready yet")
{
    state.prepared = false;

    CHECK(ask("/readyz").status == 503);
    CHECK_THAT(ask("/readyz").body, Contains("prepared"));
}

TEST_CASE_METHOD(Fixture, "a worker that was asked to stop is not ready any more")
{
    state.draining = true;

    CHECK(ask("/livez").status == 200);
    CHECK(ask("/readyz").status == 503);
    CHECK_THAT(ask("/readyz").body, Contains("shutting down"));
}

TEST_CASE_METHOD(Fixture, "a worker shows its metrics")
{
    metrics.follow("libra_example", "an example", [] { return 3; });

    const HttpResponse response = ask("/metrics");

    CHECK(response.status == 200);
    CHECK_THAT(std::string{*response.header("content-type")}, Contains("version=0.0.4"));
    CHECK_THAT(response.body, Contains("libra_example 3"));
}

TEST_CASE_METHOD(Fixture, "a worker answers nothing else")
{
    CHECK(ask("/deploy").status == 404);
    const HttpResponse refused = ask("/metrics", "POST");
    CHECK(refused.status == 405);
    CHECK(refused.header("allow") == "GET, HEAD");
    CHECK(endpoint.refuse(k_headers_too_large).status == 431);
}

}  // namespace
}  // namespace libra
