#include "api-gateway/api/query_reader.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

HttpRequest ask(std::vector<QueryParameter> query)
{
    HttpRequest request;
    request.query = std::move(query);
    return request;
}

TEST_CASE("a positive whole number has at most 63 bits")
{
    CHECK(parse_positive("1") == 1);
    CHECK(parse_positive("9223372036854775807") == 9'223'372'036'854'775'807);

    for (const char* const text :
         {"", "0", "-1", "+1", "1a", "0x1", " 1", "1 ", "9223372036854775808", "requeue"}) {
        CHECK_FALSE(parse_positive(text));
    }
}

TEST_CASE("parameters that are absent are no problem")
{
    const HttpRequest request = ask({});
    QueryReader reader{request};

    CHECK_FALSE(reader.id("orgId"));
    CHECK(reader.limit(50) == 50);
    const Problems problems = std::move(reader).finish();
    CHECK(problems.empty());
}

TEST_CASE("what nobody reads or what comes twice is a problem, after those of values")
{
    const HttpRequest request =
        ask({{"orgIds", "o-1"}, {"orgId", "o-1"}, {"orgId", "o-2"}, {"limit", "0"}});
    QueryReader reader{request};
    CHECK(reader.id("orgId") == "o-1");
    reader.limit(50);

    const Problems problems = std::move(reader).finish();

    CHECK(
        problems ==
        Problems{
            {"/query/limit", "must be a whole number from 1 to 200"},
            {"/query/orgIds", "is not known here"},
            {"/query/orgId", "must be given once"}}
    );
}

TEST_CASE("an id that has to be there is missed, once, and a bad one is complained of once")
{
    const HttpRequest none = ask({});
    const HttpRequest bad = ask({{"orgId", "a b"}});
    QueryReader of_none{none};
    QueryReader of_bad{bad};

    CHECK(of_none.required_id("orgId").empty());
    CHECK(of_bad.required_id("orgId").empty());
    const auto problems_of_none = std::move(of_none).finish();
    const auto problems_of_bad = std::move(of_bad).finish();

    CHECK(problems_of_none == Problems{{"/query/orgId", "is required"}});
    CHECK(problems_of_bad.size() == 1);
}

}  // namespace
}  // namespace libra
