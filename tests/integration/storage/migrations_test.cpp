#include "shared/storage/migrations.hpp"

#include "shared/base/digest.hpp"
#include "tests/support/pg_test_database.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <future>
#include <vector>

namespace libra {
namespace {

using testing::PgTestDatabase;

const std::array<Migration, 2> k_two{
    Migration{.version = 1, .name = "0001_first", .sql = "create table a (id int)"},
    Migration{.version = 2, .name = "0002_second", .sql = "create table b (id int)"},
};

TEST_CASE("migrations are applied once, and their names are recorded")
{
    const PgTestDatabase database{PgTestDatabase::Schema::none};

    const auto first = apply_migrations(database.settings(), k_two);
    const auto second = apply_migrations(database.settings(), k_two);

    CHECK(first.value() == 2);
    CHECK(second.value() == 0);
    CHECK(
        database.text("select string_agg(name, ' ' order by version) from schema_migrations") ==
        "0001_first 0002_second"
    );
}

TEST_CASE("only the migrations a database lacks are applied")
{
    const PgTestDatabase database{PgTestDatabase::Schema::none};
    REQUIRE(apply_migrations(database.settings(), std::span{k_two}.first(1)).value() == 1);

    CHECK(apply_migrations(database.settings(), k_two).value() == 1);
}

TEST_CASE("an applied migration that was changed is refused by name")
{
    const PgTestDatabase database{PgTestDatabase::Schema::none};
    REQUIRE(apply_migrations(database.settings(), k_two).value() == 2);
    auto changed = k_two;
    changed[1].sql = "create table c (id int)";

    const auto outcome = apply_migrations(database.settings(), changed);

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == Errc::conflict);
    CHECK_THAT(outcome.error().detail, Catch::Contains("0002_second"));
}

TEST_CASE("a migration that was corrected is the one that was applied, to old programs and new ones"
)
{
    const PgTestDatabase before{PgTestDatabase::Schema::none};
    const PgTestDatabase after{PgTestDatabase::Schema::none};
    const std::string known_as = sha256(k_two[0].sql).hex();
    auto corrected = k_two;
    corrected[0].sql = "create table a (id integer)";
    corrected[0].known_as = known_as;
    REQUIRE(apply_migrations(before.settings(), k_two).value() == 2);

    CHECK(apply_migrations(before.settings(), corrected).value() == 0);
    CHECK(apply_migrations(after.settings(), corrected).value() == 2);
    CHECK(apply_migrations(after.settings(), k_two).value() == 0);
}

TEST_CASE("no function keeps a table from being altered")
{
    const PgTestDatabase database;

    CHECK(database
              .text("select string_agg(p.proname, ' ' order by p.proname) from pg_proc p "
                    "where p.pronamespace = 'public'::regnamespace and p.prosqlbody is not null "
                    "and exists (select 1 from unnest(p.proargtypes) a join pg_type t on t.oid = a "
                    "where t.typtype = 'c')")
              .empty());
}

TEST_CASE("a database newer than the binary is left as it is")
{
    const PgTestDatabase database{PgTestDatabase::Schema::none};
    REQUIRE(apply_migrations(database.settings(), k_two).value() == 2);

    CHECK(apply_migrations(database.settings(), std::span{k_two}.first(1)).value() == 0);
}

TEST_CASE("a migration that fails leaves nothing behind")
{
    const PgTestDatabase database{PgTestDatabase::Schema::none};
    auto broken = k_two;
    broken[1].sql = "create table a (id int)";

    CHECK_THROWS(apply_migrations(database.settings(), broken));

    CHECK(database.text("select to_regclass('a')::text").empty());
}

TEST_CASE("several processes may migrate at once")
{
    const PgTestDatabase database{PgTestDatabase::Schema::none};
    const auto settings = database.settings();
    constexpr int k_processes = 6;
    std::vector<std::future<Result<int>>> running;
    running.reserve(k_processes);

    for (int process = 0; process < k_processes; ++process) {
        running.push_back(std::async(std::launch::async, [&settings] {
            return apply_migrations(settings, embedded_migrations());
        }));
    }

    int applied = 0;
    for (auto& outcome : running) {
        applied += outcome.get().value();
    }
    CHECK(applied == static_cast<int>(embedded_migrations().size()));
}

TEST_CASE("migrating without a database is unavailable")
{
    PgSettings settings;
    settings.url = Secret{"postgresql://nobody:a-password@127.0.0.1:1/none"};

    const auto outcome = apply_migrations(settings, k_two);

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == Errc::unavailable);
    CHECK_THAT(outcome.error().detail, !Catch::Contains("a-password"));
}

}  // namespace
}  // namespace libra
