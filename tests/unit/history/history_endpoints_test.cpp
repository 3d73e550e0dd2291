#include "api-gateway/history/history_endpoints.hpp"

#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_history_store.hpp"
#include "tests/support/memory_object_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("every endpoint of the history needs a credential and waits for the database")
{
    testing::FakeAdmissionStore admissions;
    testing::FakeHistoryStore history;
    testing::FakeClock clock;
    testing::RecordingLog log;
    testing::MemoryObjectStore objects;
    HistoryEndpoints endpoints{{admissions, history, clock}, objects, log.log()};

    const Routes routes = endpoints.routes();

    CHECK(routes.size() == 4);
    for (const Route& route : routes) {
        CAPTURE(route.method, route.path);
        CHECK(route.access == Access::credential);
        CHECK(route.runs == Runs::on_worker);
        CHECK(route.handler->handle({}).status == 401);
    }
}

}  // namespace
}  // namespace libra
