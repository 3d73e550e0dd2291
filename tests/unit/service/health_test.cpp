#include "api-gateway/service/health_handler.hpp"
#include "api-gateway/service/probe_handlers.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_database_probe.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Matchers::Contains;

struct Fixture {
    testing::FakeDatabaseProbe probe;
    testing::FakeClock clock;
    testing::RecordingLog log;
    bool queue{true};
    HealthMonitor monitor{probe, [this] { return queue; }, clock, log.log()};
    HealthHandler health{monitor, clock, "1.2.3"};
    ServiceState state;
    ReadyHandler ready{monitor, state, clock};
};

TEST_CASE_METHOD(Fixture, "a service whose dependencies answer is healthy")
{
    monitor.look();
    clock.advance(1500ms);

    const HttpResponse response = health.handle({});

    CHECK(response.status == 200);
    CHECK_THAT(response.body, Contains(R"("status":"healthy")"));
    CHECK_THAT(response.body, Contains(R"("version":"1.2.3")"));
    CHECK_THAT(response.body, Contains(R"("uptime":1500)"));
}

TEST_CASE_METHOD(Fixture, "a database that does not answer makes the service unhealthy")
{
    monitor.look();
    probe.answer = Error{Errc::unavailable, "gone"};
    monitor.look();

    const HttpResponse response = health.handle({});

    CHECK(response.status == 503);
    CHECK_THAT(response.body, Contains(R"("database":"unhealthy")"));
    CHECK_THAT(response.body, Contains(R"("queue":"healthy")"));
}

TEST_CASE_METHOD(Fixture, "a broker that is away makes the service unhealthy at once")
{
    monitor.look();
    queue = false;

    const HttpResponse response = health.handle({});

    CHECK(response.status == 503);
    CHECK_THAT(response.body, Contains(R"("queue":"unhealthy")"));
}

TEST_CASE_METHOD(Fixture, "before the first answer nothing is believed to be healthy")
{
    CHECK_FALSE(monitor.database_healthy());
}

TEST_CASE_METHOD(Fixture, "a question that hangs shows by the age of the last answer")
{
    monitor.look();
    clock.advance(1800ms);

    CHECK_FALSE(monitor.database_healthy());
}

TEST_CASE_METHOD(Fixture, "the database has less time to answer than a second")
{
    monitor.look();

    CHECK(probe.last_timeout <= 1s);
}

TEST_CASE_METHOD(Fixture, "only a change of the database's health is worth a log line")
{
    monitor.look();
    monitor.look();
    probe.answer = Error{Errc::unavailable, "gone"};
    monitor.look();
    monitor.look();

    CHECK(log.lines().size() == 2);
}

TEST_CASE_METHOD(Fixture, "the monitor asks until it is told to stop")
{
    std::stop_source stop;
    stop.request_stop();

    monitor.run(stop.get_token());

    CHECK(monitor.database_healthy());
}

TEST_CASE_METHOD(Fixture, "the service is ready once its database answers and is prepared")
{
    CHECK(ready.handle({}).status == 503);

    monitor.look();
    CHECK(ready.handle({}).status == 503);

    state.prepared = true;
    CHECK(ready.handle({}).status == 200);
}

TEST_CASE_METHOD(Fixture, "a service that shuts down is not ready")
{
    monitor.look();
    state.prepared = true;
    state.draining = true;

    CHECK(ready.handle({}).status == 503);
}

TEST_CASE_METHOD(Fixture, "a service without its broker is ready")
{
    monitor.look();
    state.prepared = true;
    queue = false;

    CHECK(ready.handle({}).status == 200);
}

TEST_CASE_METHOD(Fixture, "a process that runs is alive")
{
    CHECK(AliveHandler{}.handle({}).status == 200);
}

}  // namespace
}  // namespace libra
