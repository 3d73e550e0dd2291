#include "api-gateway/history/history_query.hpp"

#include "api-gateway/history/log_query.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

HttpRequest ask(std::vector<QueryParameter> query)
{
    HttpRequest request;
    request.query = std::move(query);
    return request;
}

/// The problem's pointer; empty unless there is exactly one.
template <class Parsed>
std::string only_problem(const Parsed& parsed)
{
    const auto* const problems = std::get_if<Problems>(&parsed);
    return problems != nullptr && problems->size() == 1 ? problems->front().pointer : "";
}

TEST_CASE("without parameters the newest fifty deployments are meant")
{
    const auto query = std::get<DeploymentsQuery>(parse_deployments_query(ask({})));

    CHECK_FALSE(query.filter.org_id);
    CHECK_FALSE(query.filter.project_id);
    CHECK_FALSE(query.filter.status);
    CHECK_FALSE(query.before);
    CHECK(query.limit == 50);
}

TEST_CASE("a cursor comes back as the position it was made of")
{
    const HistoryPosition position{
        .created_at = 1'753'180'200'123'456, .deployment_id = "4f1c.2-b_9"};

    CHECK(parse_cursor(to_cursor(position)) == position);
}

TEST_CASE("what is no cursor is named as the problem")
{
    for (const char* const cursor :
         {"",
          "12",
          ".d-1",
          "12.",
          "-1.d-1",
          "0.d-1",
          "x.d-1",
          "12.a b",
          "9000000000000001.d-1",
          "99999999999999999999.d-1",
          "12 .d-1"}) {
        CAPTURE(cursor);
        CHECK(only_problem(parse_deployments_query(ask({{"cursor", cursor}}))) == "/query/cursor");
    }
}

TEST_CASE("a bad parameter of a history query is named, whichever it is")
{
    for (const QueryParameter& bad : std::vector<QueryParameter>{
             {"orgId", ""},
             {"projectId", "a b"},
             {"status", "pending"},
             {"limit", "201"},
             {"page", "2"}}) {
        CHECK(only_problem(parse_deployments_query(ask({bad}))) == "/query/" + bad.name);
    }
}

TEST_CASE("without parameters the whole log is meant")
{
    const auto query = std::get<LogQuery>(parse_log_query(ask({})));

    CHECK_FALSE(query.step);
    CHECK(query.after == 0);
    CHECK_FALSE(query.limit);
}

TEST_CASE("every parameter of a log query is read")
{
    const auto query = std::get<LogQuery>(
        parse_log_query(ask({{"step", "build"}, {"after", "17"}, {"limit", "10000"}}))
    );

    CHECK(query.step == StepName::build);
    CHECK(query.after == 17);
    CHECK(query.limit == 10'000);
    CHECK(std::get<LogQuery>(parse_log_query(ask({{"after", "0"}}))).after == 0);
}

TEST_CASE("a bad parameter of a log query is named, whichever it is")
{
    for (const QueryParameter& bad : std::vector<QueryParameter>{
             {"step", "Build"},
             {"after", "-1"},
             {"after", "00"},
             {"after", "9223372036854775808"},
             {"limit", "0"},
             {"limit", "10001"},
             {"stream", "stdout"}}) {
        CAPTURE(bad.name, bad.value);
        CHECK(only_problem(parse_log_query(ask({bad}))) == "/query/" + bad.name);
    }
}

}  // namespace
}  // namespace libra
