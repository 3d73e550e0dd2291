#include "stage.hpp"

#include <set>
#include <thread>

namespace libra {
namespace {

using testing::Stage;
using namespace std::chrono_literals;

void write_rows(const Stage& stage, int count)
{
    stage.database.run(
        "insert into outbox (exchange, routing_key, headers, payload, available_at) "
        "select 'e', 'k', '{\"a\": \"1\", \"b\": \"x y\"}', convert_to('m' || n, 'UTF8'), "
        "now() - interval '1 minute' + n * interval '1 second' from generate_series(1, " +
        std::to_string(count) + ") n"
    );
}

std::vector<std::int64_t> ids_of(const std::vector<OutboxRow>& rows)
{
    std::vector<std::int64_t> ids;
    ids.reserve(rows.size());
    for (const OutboxRow& row : rows) {
        ids.push_back(row.id);
    }
    return ids;
}

TEST_CASE("due rows are claimed oldest first, whole, and up to the limit")
{
    Stage stage;
    write_rows(stage, 3);

    const auto rows = stage.outbox.claim("relay", 2, 30s).value();

    REQUIRE(rows.size() == 2);
    CHECK(rows[0].payload == "m1");
    CHECK(rows[1].payload == "m2");
    CHECK(rows[0].exchange == "e");
    CHECK(rows[0].routing_key == "k");
    CHECK(rows[0].headers == std::map<std::string, std::string>{{"a", "1"}, {"b", "x y"}});
}

TEST_CASE("a row that is not due yet or is held by another relay is passed over")
{
    Stage stage;
    write_rows(stage, 2);
    stage.database.run("update outbox set available_at = now() + interval '1 hour' "
                       "where payload = 'm2'");
    REQUIRE(stage.outbox.claim("relay", 10, 30s).value().size() == 1);

    CHECK(stage.outbox.claim("another", 10, 30s).value().empty());
}

TEST_CASE("a row whose hold ended without removal is due again")
{
    Stage stage;
    write_rows(stage, 1);
    REQUIRE(stage.outbox.claim("relay", 10, 30s).value().size() == 1);
    stage.database.run("update outbox set claimed_until = now()");

    CHECK(stage.outbox.claim("another", 10, 30s).value().size() == 1);
}

TEST_CASE("only rows still held under the token are removed")
{
    Stage stage;
    write_rows(stage, 2);
    const auto ids = ids_of(stage.outbox.claim("relay", 10, 30s).value());
    stage.database.run("update outbox set claim_token = null where payload = 'm2'");

    REQUIRE(stage.outbox.remove("another", ids).has_value());
    CHECK(stage.database.number("select count(*) from outbox") == 2);
    REQUIRE(stage.outbox.remove("relay", ids).has_value());
    CHECK(stage.database.text("select convert_from(payload, 'UTF8') from outbox") == "m2");
    CHECK(stage.outbox.remove("relay", {}).has_value());
}

TEST_CASE("released rows are due after the delay")
{
    Stage stage;
    write_rows(stage, 1);
    const auto ids = ids_of(stage.outbox.claim("relay", 10, 30s).value());

    REQUIRE(stage.outbox.release("relay", ids, 60s).has_value());

    CHECK(stage.outbox.claim("relay", 10, 30s).value().empty());
    const auto wait = stage.outbox.next_due().value();
    CHECK(wait > 30s);
    CHECK(wait <= 60s);
}

TEST_CASE("the next due time is nothing, zero, or the end of the shortest wait")
{
    Stage stage;
    CHECK_FALSE(stage.outbox.next_due().value());

    write_rows(stage, 1);
    CHECK(stage.outbox.next_due().value() == 0ms);

    REQUIRE(stage.outbox.claim("relay", 10, 30s).value().size() == 1);
    CHECK(stage.outbox.next_due().value() > 10s);
    CHECK(stage.outbox.next_due().value() <= 30s);
}

TEST_CASE("relays that claim at once never get the same row")
{
    Stage stage;
    constexpr std::size_t k_rows = 60;
    write_rows(stage, static_cast<int>(k_rows));
    std::array<std::vector<std::int64_t>, 3> taken;
    {
        std::vector<std::jthread> relays;
        for (std::size_t relay = 0; relay < taken.size(); ++relay) {
            relays.emplace_back([&, relay] {
                const auto token = "relay-" + std::to_string(relay);
                for (int round = 0; round < 30; ++round) {
                    const auto rows = stage.outbox.claim(token, 5, 30s);
                    if (rows.has_value()) {
                        const auto ids = ids_of(*rows);
                        taken.at(relay).insert(taken.at(relay).end(), ids.begin(), ids.end());
                    }
                }
            });
        }
    }

    std::set<std::int64_t> distinct;
    std::size_t all = 0;
    for (const auto& ids : taken) {
        distinct.insert(ids.begin(), ids.end());
        all += ids.size();
    }
    CHECK(all == k_rows);
    CHECK(distinct.size() == k_rows);
}

}  // namespace
}  // namespace libra
