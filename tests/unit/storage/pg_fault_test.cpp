#include "shared/storage/pg_fault.hpp"

#include <catch2/catch.hpp>
#include <pqxx/except>

#include <stdexcept>

namespace libra {
namespace {

pqxx::sql_error with_code(const char* code)
{
    return pqxx::sql_error{"message", "query", code};
}

TEST_CASE("a broken connection and a commit without an answer are a lost connection")
{
    CHECK(pg_fault(pqxx::broken_connection{}) == PgFault::lost);
    CHECK(pg_fault(pqxx::in_doubt_error{"m"}) == PgFault::lost);
    CHECK(pg_fault(pqxx::statement_completion_unknown{"m"}) == PgFault::lost);
    CHECK(pg_fault(with_code("57P01")) == PgFault::lost);
    CHECK(pg_fault(with_code("25P03")) == PgFault::lost);
    CHECK(pg_fault(with_code("08006")) == PgFault::lost);
    CHECK(pg_fault(with_code("25006")) == PgFault::lost);  // it leads to a standby by now
}

TEST_CASE("deadlock and failed serialization ask for another run")
{
    CHECK(pg_fault(pqxx::deadlock_detected{"m"}) == PgFault::collision);
    CHECK(pg_fault(pqxx::serialization_failure{"m"}) == PgFault::collision);
}

TEST_CASE("timeouts and shortages are no answer")
{
    CHECK(pg_fault(with_code("57014")) == PgFault::no_answer);
    CHECK(pg_fault(with_code("55P03")) == PgFault::no_answer);
    CHECK(pg_fault(with_code("53300")) == PgFault::no_answer);
}

TEST_CASE("a value that no column takes is bad data")
{
    CHECK(pg_fault(with_code("22021")) == PgFault::bad_data);
}

TEST_CASE("everything else is a bug of ours")
{
    CHECK_FALSE(pg_fault(with_code("42703")));
    CHECK_FALSE(pg_fault(with_code("23505")));
    CHECK_FALSE(pg_fault(std::runtime_error{"m"}));
}

}  // namespace
}  // namespace libra
