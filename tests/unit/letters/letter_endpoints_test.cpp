#include "api-gateway/letters/letter_endpoints.hpp"

#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_redrive_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("every endpoint about dead letters needs a credential and waits for the database")
{
    testing::FakeAdmissionStore admissions;
    testing::FakeRedriveStore letters;
    testing::FakeClock clock;
    testing::RecordingLog log;
    LetterEndpoints endpoints{{admissions, letters, clock}, log.log()};

    const Routes routes = endpoints.routes();

    CHECK(routes.size() == 5);
    for (const Route& route : routes) {
        CAPTURE(route.method, route.path);
        CHECK(route.access == Access::credential);
        CHECK(route.runs == Runs::on_worker);
        CHECK(route.handler->handle({}).status == 401);
    }
}

}  // namespace
}  // namespace libra
