#include "network.hpp"
#include "shared/storage/pg_database_probe.hpp"

#include <catch2/catch.hpp>

#include <memory>

namespace libra {
namespace {

using testing::Network;
using testing::PgTestDatabase;
using namespace std::chrono_literals;

TEST_CASE("the probe finds a database that answers")
{
    const PgTestDatabase database;
    SystemClock clock;
    PgDatabaseProbe probe{database.settings(), clock};

    CHECK(probe.ping(5s).has_value());
    database.end_connections();
    CHECK(probe.ping(5s).has_value());
}

TEST_CASE("the probe finds that the database is gone, and that it is back")
{
    const PgTestDatabase database;
    SystemClock clock;
    Network network{database};
    PgDatabaseProbe probe{network.settings, clock};
    REQUIRE(probe.ping(5s).has_value());

    SECTION("a host that swallows packets costs no more than the timeout")
    {
        network.proxy.swallow(true);
        const auto before = clock.now();

        const auto answer = probe.ping(100ms);

        CHECK(answer.error().code == Errc::unavailable);
        CHECK(clock.now() - before < 1s);
        network.proxy.swallow(false);
        while (probe.ping(1s).has_error()) {
        }
        SUCCEED("it answers again");
    }
    SECTION("a database that refuses")
    {
        const PgTestDatabase other;
        PgSettings settings = other.settings();
        settings.url = Secret{"postgresql://127.0.0.1:1/none"};
        PgDatabaseProbe refused{settings, clock};

        CHECK(refused.ping(5s).error().code == Errc::unavailable);
    }
}

}  // namespace
}  // namespace libra
