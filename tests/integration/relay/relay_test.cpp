#include "shared/relay/relay.hpp"

#include "shared/storage/pg_outbox_store.hpp"
#include "tests/support/broker_corner.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/faulty_line.hpp"
#include "tests/support/pg_test_database.hpp"
#include "tests/support/publisher_bench.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::BrokerCorner;
using testing::eventually;
using testing::FaultyLine;
using testing::PgTestDatabase;
using testing::PublisherBench;
using testing::RecordingLog;

/// A relay at work between a database and a queue of its own, over a line that fails on demand.
class Carriage {
public:
    Carriage() : running_{[this](const std::stop_token& stop) { relay_.run(stop); }} {}

    void write_rows(int first, int last, const std::string& routing_key)
    {
        database_.run(
            "insert into outbox (exchange, routing_key, payload) select '" +
            corner_.topology().exchange + "', '" + routing_key +
            "', convert_to(n::text, 'UTF8') from generate_series(" + std::to_string(first) + ", " +
            std::to_string(last) + ") n"
        );
        relay_.wake();
    }

    void write_rows(int first, int last) { write_rows(first, last, corner_.topology().queue); }

    std::int64_t rows() const { return database_.number("select count(*) from outbox"); }

    bool emptied()
    {
        return eventually([this] { return rows() == 0; });
    }

    /// Everything on the queue, without repetitions.
    std::set<std::string> bodies()
    {
        std::set<std::string> bodies;
        while (auto body = corner_.take()) {
            bodies.insert(*body);
        }
        return bodies;
    }

    BrokerCorner& corner() { return corner_; }

    FaultyLine& line() { return line_; }

    PublisherBench& publisher() { return publisher_; }

    Relay& relay() { return relay_; }

    PgTestDatabase& database() { return database_; }

private:
    BrokerCorner corner_;
    FaultyLine line_{"127.0.0.1", corner_.endpoint().port};
    PgTestDatabase database_;
    SystemClock clock_;
    SystemRandom random_;
    RecordingLog log_;
    PgPool pool_{database_.settings(), clock_};
    PgOutboxStore outbox_{pool_};
    PublisherBench publisher_{corner_.endpoint_at(line_.port()), corner_.topology()};
    Relay relay_{
        outbox_,
        publisher_.publisher(),
        clock_,
        random_,
        log_.log(),
        {.idle = 10s, .refused = 100ms}};
    std::jthread running_;
};

TEST_CASE("rows become messages and are gone from the outbox")
{
    Carriage carriage;
    carriage.publisher().wait_until_healthy();

    carriage.write_rows(1, 200);

    REQUIRE(carriage.emptied());
    CHECK(carriage.bodies().size() == 200);
    CHECK(eventually([&] { return carriage.relay().counts().confirmed == 200; }));
}

TEST_CASE("no message is lost when the line is cut again and again")
{
    Carriage carriage;
    carriage.publisher().wait_until_healthy();

    for (int round = 0; round < 5; ++round) {
        carriage.write_rows(100 * round + 1, 100 * round + 100);
        carriage.line().cut();
    }

    REQUIRE(carriage.emptied());
    CHECK(carriage.bodies().size() == 500);
}

TEST_CASE("rows wait while the broker is away")
{
    Carriage carriage;
    carriage.publisher().wait_until_healthy();
    carriage.line().go_down();
    REQUIRE(eventually([&] { return !carriage.publisher().publisher().healthy(); }));

    carriage.write_rows(1, 3);
    CHECK(carriage.rows() == 3);
    carriage.line().restore();

    REQUIRE(carriage.emptied());
    CHECK(carriage.bodies().size() == 3);
}

TEST_CASE("the relay survives the loss of its database connections")
{
    Carriage carriage;
    carriage.publisher().wait_until_healthy();
    carriage.write_rows(1, 1);
    REQUIRE(carriage.emptied());

    carriage.database().end_connections();
    carriage.write_rows(2, 2);

    REQUIRE(carriage.emptied());
    CHECK(carriage.bodies().size() == 2);
}

TEST_CASE("a row that no queue takes is tried again and holds up no other")
{
    Carriage carriage;
    carriage.publisher().wait_until_healthy();

    carriage.write_rows(1, 1, "nowhere");
    carriage.write_rows(2, 3);

    CHECK(eventually([&] { return carriage.rows() == 1; }));
    CHECK(eventually([&] { return carriage.relay().counts().refused >= 2; }));
    CHECK(carriage.bodies() == std::set<std::string>{"2", "3"});
}

}  // namespace
}  // namespace libra
