#include "shared/storage/conninfo.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("parameters are added to a connection string in its own form")
{
    const ConnectionParameters parameters{{"dbname", "a b"}, {"options", "-c x=1"}};

    CHECK(
        with_parameters("postgresql://u:p@h/d", parameters) ==
        "postgresql://u:p@h/d?dbname=a%20b&options=-c%20x%3D1"
    );
    CHECK(
        with_parameters("postgres://h/d?sslmode=disable", parameters) ==
        "postgres://h/d?sslmode=disable&dbname=a%20b&options=-c%20x%3D1"
    );
    CHECK(with_parameters("host=h", parameters) == "host=h dbname='a b' options='-c x=1'");
}

TEST_CASE("a quote or backslash in a value does not end it")
{
    CHECK(with_parameters("", {{"dbname", R"(it's\)"}}) == R"( dbname='it\'s\\')");
}

TEST_CASE("a failed connect is described by what libpq says of the server, on one line")
{
    CHECK(
        describe_connect_failure("connection to server at \"h\" failed: refused\n\tIs it up?\n") ==
        "connection to server at \"h\" failed: refused"
    );
}

TEST_CASE("nothing that libpq quotes from the connection string is repeated")
{
    CHECK_THAT(
        describe_connect_failure("could not translate host name \"secret\" to address: none"),
        !Catch::Contains("secret")
    );
    CHECK_THAT(
        describe_connect_failure("invalid integer value \"secret\" for connection option \"port\""),
        !Catch::Contains("secret")
    );
}

}  // namespace
}  // namespace libra
