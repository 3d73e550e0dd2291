#include "network.hpp"
#include "shared/storage/pg_pool.hpp"
#include "stage.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <future>
#include <latch>
#include <thread>
#include <vector>

namespace libra {
namespace {

using testing::Network;
using testing::PgTestDatabase;
using namespace std::chrono_literals;

Result<void> select_one(pqxx::transaction_base& transaction)
{
    transaction.exec("select 1");
    return {};
}

std::int64_t connections(const PgTestDatabase& database)
{
    return database.number("select count(*) from pg_stat_activity "
                           "where datname = current_database() and application_name = 'libra-test'"
    );
}

TEST_CASE("a pool connects when first used, and uses a free connection again")
{
    const PgTestDatabase database;
    SystemClock clock;
    PgPool pool{database.settings(), clock};
    CHECK(connections(database) == 0);

    REQUIRE(pool.transact(select_one).has_value());
    REQUIRE(pool.autocommit(select_one).has_value());

    CHECK(connections(database) == 1);
}

TEST_CASE("a pool does not connect to a server that takes no writes")
{
    const PgTestDatabase database;
    SystemClock clock;
    auto settings = database.settings();
    settings.hold_off = 0ms;
    PgPool pool{settings, clock};
    database.run("alter database " + database.name() + " set default_transaction_read_only = on");

    const auto refused = pool.transact(select_one);

    REQUIRE(refused.has_error());
    CHECK(refused.error().code == Errc::unavailable);
    CHECK(refused.error().detail.find("read-only") != std::string::npos);

    database.run(
        "set transaction read write;"
        "alter database " +
        database.name() + " reset default_transaction_read_only"
    );
    CHECK(pool.transact(select_one).has_value());
}

TEST_CASE("a connection whose server takes no writes any more is replaced")
{
    const PgTestDatabase database;
    SystemClock clock;
    PgPool pool{database.settings(), clock};
    database.run("create table notes (note text)");
    const auto demote = [](pqxx::transaction_base& statement) {
        statement.exec("set default_transaction_read_only = on");
        return Result<void>{};
    };
    REQUIRE(pool.autocommit(demote).has_value());

    const auto written = pool.transact([](pqxx::transaction_base& transaction) {
        transaction.exec("insert into notes values ('kept')");
        return Result<void>{};
    });

    CHECK(written.has_value());
    CHECK(database.number("select count(*) from notes") == 1);
}

TEST_CASE("a call that finds every connection in use gives up after its wait")
{
    const PgTestDatabase database;
    SystemClock clock;
    auto settings = database.settings();
    settings.connections = 1;
    settings.acquire_timeout = 50ms;
    PgPool pool{settings, clock};
    Result<void> inner;

    const auto outer = pool.transact([&](pqxx::transaction_base& transaction) {
        transaction.exec("select 1");
        inner = pool.transact(select_one);
        return Result<void>{};
    });

    CHECK(outer.has_value());
    REQUIRE(inner.has_error());
    CHECK(inner.error().code == Errc::unavailable);
}

TEST_CASE("who waits for a connection is served in the order of arrival")
{
    const PgTestDatabase database;
    SystemClock clock;
    auto settings = database.settings();
    settings.connections = 1;
    PgPool pool{settings, clock};
    std::vector<int> served;
    std::vector<std::future<Result<void>>> calls;

    const auto outer = pool.transact([&](pqxx::transaction_base& transaction) {
        for (int call = 0; call < 5; ++call) {
            calls.push_back(std::async(std::launch::async, [&, call] {
                return pool.transact([&](pqxx::transaction_base& inner) {
                    served.push_back(call);
                    return select_one(inner);
                });
            }));
            while (pool.reading().waiting <= static_cast<std::size_t>(call)) {
                std::this_thread::yield();
            }
        }
        return select_one(transaction);
    });

    CHECK(outer.has_value());
    for (auto& call : calls) {
        CHECK(call.get().has_value());
    }
    CHECK(served == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("a pool tells how its connections are, and how long each call waited")
{
    const PgTestDatabase database;
    SystemClock clock;
    auto settings = database.settings();
    settings.connections = 2;
    settings.acquire_timeout = 50ms;
    std::vector<std::chrono::nanoseconds> waits;
    PgPool pool{settings, clock, [&](std::chrono::nanoseconds waited) { waits.push_back(waited); }};

    const auto outer = pool.transact([&](pqxx::transaction_base& transaction) {
        const auto inner = pool.transact([&](pqxx::transaction_base& second) {
            CHECK(pool.reading().in_use == 2);
            CHECK(pool.transact(select_one).has_error());
            return select_one(second);
        });
        CHECK(inner.has_value());
        CHECK(pool.reading().in_use == 1);
        CHECK(pool.reading().idle == 1);
        return select_one(transaction);
    });

    CHECK(outer.has_value());
    CHECK(pool.reading().size == 2);
    CHECK(pool.reading().idle == 2);
    CHECK(pool.reading().opening == 0);
    REQUIRE(waits.size() == 3);
    CHECK(waits.back() >= 50ms);
}

TEST_CASE("connections that the server ended are replaced without the caller noticing")
{
    const PgTestDatabase database;
    SystemClock clock;
    PgPool pool{database.settings(), clock};
    REQUIRE(pool.transact(select_one).has_value());

    for (int outage = 0; outage < 3; ++outage) {
        database.end_connections();
        CHECK(pool.transact(select_one).has_value());
        database.end_connections();
        CHECK(pool.autocommit(select_one).has_value());
    }
}

TEST_CASE("an error that the work returns rolls back and is passed on")
{
    const PgTestDatabase database;
    SystemClock clock;
    PgPool pool{database.settings(), clock};

    const auto outcome = pool.transact([](pqxx::transaction_base& transaction) {
        transaction.exec("insert into organizations (id, name) values ('o', 'O')");
        return Result<void>{Error{Errc::conflict, "no"}};
    });

    CHECK(outcome.error().code == Errc::conflict);
    CHECK(database.number("select count(*) from organizations") == 0);
}

TEST_CASE("a bug in a statement is an exception and costs no connection")
{
    const PgTestDatabase database;
    SystemClock clock;
    auto settings = database.settings();
    settings.connections = 1;
    PgPool pool{settings, clock};

    CHECK_THROWS_AS(
        pool.transact([](pqxx::transaction_base& transaction) {
            transaction.exec("select nonsense");
            return Result<void>{};
        }),
        pqxx::sql_error
    );
    CHECK(pool.transact(select_one).has_value());
}

TEST_CASE("a statement that takes too long is ended by the server")
{
    const PgTestDatabase database;
    SystemClock clock;
    auto settings = database.settings();
    settings.statement_timeout = 50ms;
    PgPool pool{settings, clock};

    const auto outcome = pool.autocommit([](pqxx::transaction_base& statement) {
        statement.exec("select pg_sleep(60)");
        return Result<void>{};
    });

    CHECK(outcome.error().code == Errc::unavailable);
    CHECK(pool.transact(select_one).has_value());
}

TEST_CASE("a lock that is not given in time is unavailable")
{
    const PgTestDatabase database;
    SystemClock clock;
    auto settings = database.settings();
    settings.lock_timeout = 50ms;
    PgPool pool{settings, clock};
    Result<void> second;

    const auto first = pool.transact([&](pqxx::transaction_base& transaction) {
        transaction.exec("lock table organizations");
        second = pool.transact([](pqxx::transaction_base& other) {
            other.exec("lock table organizations");
            return Result<void>{};
        });
        return Result<void>{};
    });

    CHECK(first.has_value());
    CHECK(second.error().code == Errc::unavailable);
}

TEST_CASE("work that ran into a deadlock is run again")
{
    const testing::Stage stage;
    seed_project(stage.database, {.project_id = "project-2"});
    SystemClock clock;
    PgPool pool{stage.database.settings(), clock};
    std::latch both_hold_one{2};
    const auto touch = [](pqxx::transaction_base& transaction, const std::string& project) {
        transaction.exec_params("update projects set name = name where id = $1", project);
    };
    const auto cross = [&](const std::string& first, const std::string& second) {
        bool ran_before = false;
        return pool.transact([&](pqxx::transaction_base& transaction) {
            touch(transaction, first);
            if (!ran_before) {
                ran_before = true;
                both_hold_one.arrive_and_wait();
            }
            touch(transaction, second);
            return Result<void>{};
        });
    };

    auto one = std::async(std::launch::async, [&] { return cross("project-1", "project-2"); });
    const auto two = cross("project-2", "project-1");

    CHECK(two.has_value());
    CHECK(one.get().has_value());
}

TEST_CASE("a network that swallows everything holds a call for its limit at most")
{
    const PgTestDatabase database;
    Network network{database};
    SystemClock clock;
    network.settings.call_limit = 200ms;
    PgPool pool{network.settings, clock};
    REQUIRE(pool.transact(select_one).has_value());
    network.proxy.swallow(true);

    const auto outcome = pool.transact(select_one);

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == Errc::unavailable);
    network.proxy.swallow(false);
    CHECK(pool.transact(select_one).has_value());
}

TEST_CASE("without a database calls fail, and say so without the password")
{
    SystemClock clock;
    PgSettings settings;
    settings.hold_off = 0ms;
    SECTION("nobody listens")
    {
        settings.url = Secret{"postgresql://u:hunter2hunter2@127.0.0.1:1/d"};
    }
    SECTION("the string makes libpq quote pieces of the password")
    {
        settings.url = Secret{"postgresql://u:hunter2/hunter2@127.0.0.1/d"};
    }
    SECTION("the password is part of a broken key=value string")
    {
        settings.url = Secret{"host=127.0.0.1 password=a hunter2"};
    }
    PgPool pool{settings, clock};

    const auto outcome = pool.transact(select_one);

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == Errc::unavailable);
    CHECK_THAT(outcome.error().detail, !Catch::Contains("hunter2"));
}

TEST_CASE("after a failed connect calls fail at once for a while")
{
    const PgTestDatabase database;
    auto network = std::make_unique<Network>(database);
    SystemClock clock;
    auto settings = network->settings;
    settings.hold_off = 1h;
    PgPool pool{settings, clock};
    REQUIRE(pool.transact(select_one).has_value());
    network.reset();

    const auto first = pool.transact(select_one);
    const auto second = pool.transact(select_one);

    CHECK(first.error().code == Errc::unavailable);
    CHECK(second.error().code == Errc::unavailable);
    CHECK(second.error().detail == first.error().detail);
}

TEST_CASE("many threads share few connections")
{
    const PgTestDatabase database;
    SystemClock clock;
    auto settings = database.settings();
    settings.connections = 3;
    PgPool pool{settings, clock};
    constexpr int k_threads = 12;
    std::atomic<int> done{0};
    {
        std::vector<std::jthread> threads;
        threads.reserve(k_threads);
        for (int thread = 0; thread < k_threads; ++thread) {
            threads.emplace_back([&] {
                for (int call = 0; call < 20; ++call) {
                    done += pool.transact(select_one).has_value() ? 1 : 0;
                }
            });
        }
    }

    CHECK(done == 240);
    CHECK(connections(database) <= 3);
}

}  // namespace
}  // namespace libra
