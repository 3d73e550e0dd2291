#include "deploy-worker/intake/dead_letter_mirror.hpp"

#include "shared/broker/amqp_dead_letter_queue.hpp"
#include "shared/relay/relay.hpp"
#include "shared/storage/pg_admission_store.hpp"
#include "shared/storage/pg_dead_letter_store.hpp"
#include "shared/storage/pg_outbox_store.hpp"
#include "shared/storage/pg_redrive_store.hpp"
#include "tests/support/broker_corner.hpp"
#include "tests/support/consumer_bench.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/faulty_line.hpp"
#include "tests/support/pg_seed.hpp"
#include "tests/support/pg_test_database.hpp"
#include "tests/support/publisher_bench.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::BrokerCorner;
using testing::ConsumerBench;
using testing::eventually;
using testing::FaultyLine;
using testing::PgTestDatabase;
using testing::PublisherBench;
using testing::RecordingLog;
using testing::SeededProject;

constexpr int k_delivery_limit = 1;

/// A database and a broker, a relay between them, and a mirror whose line to the broker fails on
/// demand.
class Fixture {
public:
    Fixture() : running_{[this](const std::stop_token& stop) { relay_.run(stop); }}
    {
        corner_.declare();
        publisher_.wait_until_healthy();
    }

    /// Passes until each open letter has its copy at the broker, and nothing else is there.
    bool in_step()
    {
        return eventually([this] {
            mirror_.pass({});
            relay_.wake();
            return database_.number("select count(*) from outbox") == 0 &&
                   copies() == dead_letters_.copies_sent().value();
        });
    }

    std::int64_t copies() { return corner_.waiting(corner_.topology().dead_letter_queue); }

    std::int64_t letters() const { return database_.number("select count(*) from dead_letters"); }

    std::int64_t newest_letter() const
    {
        return database_.number("select max(id) from dead_letters");
    }

    void accept(const std::string& id)
    {
        const auto admission = admissions_.admit(
            seeded_.credential(),
            {.id = id,
             .project_id = seeded_.project_id,
             .org_id = seeded_.org_id,
             .user_id = seeded_.user_id,
             .params_json = R"({"projectId": "project-1", "orgId": "o", "userId": "u"})",
             .request_id = "request-1"}
        );
        REQUIRE(admission->verdict == AdmissionVerdict::accepted);
        relay_.wake();
    }

    RedriveVerdict redrive(std::int64_t letter)
    {
        return letters_.redrive(letter, {.user_id = "admin", .request_id = "r"}).value();
    }

    void discard(std::int64_t letter)
    {
        REQUIRE(letters_.discard(letter, "noise", {.user_id = "admin", .request_id = "r"}).value());
    }

    /// Gives the next message of the work queue back until the broker gives it up.
    void refuse_message()
    {
        ConsumerBench bench{corner_.endpoint(), corner_.topology()};
        for (int delivery = 0; delivery <= k_delivery_limit; ++delivery) {
            const Delivery refused = bench.next();
        }
        REQUIRE(eventually([this] { return copies() == 1; }));
    }

    BrokerCorner& corner() { return corner_; }

    PgTestDatabase& database() { return database_; }

    PgDeadLetterStore& dead_letters() { return dead_letters_; }

    FaultyLine& line() { return line_; }

    /// Of another worker.
    DeadLetterMirror another_mirror(AmqpDeadLetterQueue& queue)
    {
        return {dead_letters_, queue, log_.log()};
    }

    AmqpDeadLetterQueue another_queue()
    {
        return {corner_.endpoint_at(line_.port()), topology_.dead_letter_queue, clock_};
    }

private:
    static BrokerCorner& impatient(BrokerCorner& corner)
    {
        corner.topology().delivery_limit = k_delivery_limit;
        return corner;
    }

    OutboxRoutes routes() const
    {
        return {
            .exchange = topology_.exchange,
            .routing_key = topology_.queue,
            .dead_letter_exchange = topology_.dead_letter_exchange,
            .dead_letter_routing_key = topology_.dead_letter_queue};
    }

    BrokerCorner corner_;
    BrokerTopology& topology_{impatient(corner_).topology()};
    FaultyLine line_{"127.0.0.1", corner_.endpoint().port};
    PgTestDatabase database_;
    SeededProject seeded_{testing::seed_project(database_)};
    SystemClock clock_;
    SystemRandom random_;
    RecordingLog log_;
    PgPool pool_{database_.settings(), clock_};
    PgOutboxStore outbox_{pool_};
    PgAdmissionStore admissions_{pool_, routes()};
    PgDeadLetterStore dead_letters_{pool_, routes()};
    PgRedriveStore letters_{pool_, routes()};
    PublisherBench publisher_{corner_.endpoint(), topology_};
    Relay relay_{
        outbox_,
        publisher_.publisher(),
        clock_,
        random_,
        log_.log(),
        {.idle = 10s, .refused = 100ms}};
    AmqpDeadLetterQueue queue_{
        corner_.endpoint_at(line_.port()),
        topology_.dead_letter_queue,
        clock_};
    DeadLetterMirror mirror_{dead_letters_, queue_, log_.log()};
    std::jthread running_;
};

TEST_CASE("the copy of a letter stays while it is open, and goes when it is resolved")
{
    Fixture fixture;
    REQUIRE(fixture.dead_letters().record_poison("first", "r").has_value());
    const auto first = fixture.newest_letter();
    REQUIRE(fixture.dead_letters().record_poison("second", "r").has_value());
    const auto second = fixture.newest_letter();
    REQUIRE(fixture.in_step());
    REQUIRE(fixture.copies() == 2);

    fixture.discard(first);
    REQUIRE(fixture.in_step());
    CHECK(fixture.copies() == 1);
    CHECK(fixture.redrive(second) == RedriveVerdict::requeued);

    REQUIRE(fixture.in_step());
    CHECK(fixture.copies() == 0);
    CHECK(fixture.corner().take() == "second");
}

TEST_CASE("a message put into the queue by hand becomes a letter, and has a copy there")
{
    Fixture fixture;
    fixture.corner().put_dead("by hand");
    REQUIRE(eventually([&] { return fixture.copies() == 1; }));

    REQUIRE(fixture.in_step());
    CHECK(fixture.letters() == 1);

    CHECK(fixture.copies() == 1);
    CHECK(
        fixture.database().text("select convert_from(message, 'UTF8') from dead_letters") ==
        "by hand"
    );
}

TEST_CASE("a deployment whose message the broker gave up on has failed, and can be redriven")
{
    Fixture fixture;
    fixture.accept("d1");
    fixture.refuse_message();

    REQUIRE(fixture.in_step());
    CHECK(fixture.letters() == 1);
    CHECK(
        fixture.database().text("select status || ' ' || error_code from deployments") ==
        "failed undeliverable"
    );
    CHECK(
        fixture.database().text("select reason from dead_letters") ==
        "The broker gave up on it: it was delivered too often without being settled."
    );
    CHECK(fixture.redrive(fixture.newest_letter()) == RedriveVerdict::requeued);

    REQUIRE(fixture.in_step());
    CHECK(fixture.copies() == 0);
    CHECK_THAT(fixture.corner().take().value(), Catch::Contains("d1"));
}

TEST_CASE("copies that somebody took away come back")
{
    Fixture fixture;
    REQUIRE(fixture.dead_letters().record_poison("poison", "r").has_value());
    REQUIRE(fixture.in_step());

    CHECK(fixture.corner().take(fixture.corner().topology().dead_letter_queue) == "poison");

    REQUIRE(fixture.in_step());
    CHECK(fixture.copies() == 1);
}

TEST_CASE("a copy without the letter's number, as older versions sent it, is replaced")
{
    Fixture fixture;
    REQUIRE(fixture.dead_letters().record_poison("poison", "r").has_value());
    REQUIRE(fixture.in_step());
    fixture.corner().take(fixture.corner().topology().dead_letter_queue);
    fixture.corner().put_dead("poison", {{"x-libra-reason", "r"}});
    fixture.corner().put_dead("poison", {{"x-libra-reason", "r"}});
    REQUIRE(eventually([&] { return fixture.copies() == 2; }));

    REQUIRE(fixture.in_step());

    CHECK(fixture.letters() == 1);
    CHECK(fixture.copies() == 1);
}

TEST_CASE("nothing is lost when several mirrors look at once and their lines are cut")
{
    Fixture fixture;
    constexpr int k_messages = 200;
    for (int n = 0; n < k_messages; ++n) {
        fixture.corner().put_dead("message " + std::to_string(n));
    }
    REQUIRE(eventually([&] { return fixture.copies() == k_messages; }));
    {
        constexpr int k_workers = 3;
        std::vector<std::jthread> workers;
        workers.reserve(k_workers);
        for (int worker = 0; worker < k_workers; ++worker) {
            workers.emplace_back([&](const std::stop_token& stop) {
                AmqpDeadLetterQueue queue = fixture.another_queue();
                DeadLetterMirror mirror = fixture.another_mirror(queue);
                while (!stop.stop_requested()) {
                    mirror.pass(stop);
                }
            });
        }
        for (int letters = 0; letters < k_messages; letters += k_messages / 10) {
            REQUIRE(eventually([&] { return fixture.letters() >= letters; }));
            fixture.line().cut();
        }
    }

    REQUIRE(fixture.in_step());

    CHECK(fixture.letters() == k_messages);
    CHECK(fixture.copies() == k_messages);
}

}  // namespace
}  // namespace libra
