#include "api-gateway/letters/letter_query.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

HttpRequest ask(std::vector<QueryParameter> query)
{
    HttpRequest request;
    request.query = std::move(query);
    return request;
}

LetterQuery query_of(std::vector<QueryParameter> query)
{
    return std::get<LetterQuery>(parse_letter_query(ask(std::move(query))));
}

/// The problem's pointer; empty unless there is exactly one.
std::string only_problem(const QueryParameter& parameter)
{
    const auto parsed = parse_letter_query(ask({parameter}));
    const auto* const problems = std::get_if<Problems>(&parsed);
    return problems != nullptr && problems->size() == 1 ? problems->front().pointer : "";
}

TEST_CASE("without parameters the newest fifty open letters are meant")
{
    const LetterQuery query = query_of({});

    CHECK(query.filter.state == LetterState::open);
    CHECK_FALSE(query.filter.failure_class);
    CHECK_FALSE(query.filter.project_id);
    CHECK_FALSE(query.filter.org_id);
    CHECK_FALSE(query.before);
    CHECK(query.limit == 50);
}

TEST_CASE("every parameter of a letter query is read")
{
    const LetterQuery query = query_of(
        {{"state", "discarded"},
         {"class", "poison"},
         {"projectId", "p-1"},
         {"orgId", "o-1"},
         {"limit", "200"},
         {"cursor", "9223372036854775807"}}
    );

    CHECK(query.filter.state == LetterState::discarded);
    CHECK(query.filter.failure_class == FailureClass::poison);
    CHECK(query.filter.project_id == "p-1");
    CHECK(query.filter.org_id == "o-1");
    CHECK(query.before == 9'223'372'036'854'775'807);
    CHECK(query.limit == 200);
    CHECK_FALSE(query_of({{"state", "all"}}).filter.state);
}

TEST_CASE("a bad parameter is named, whichever it is")
{
    for (const char* const state : {"", "Open", "closed"}) {
        CHECK(only_problem({"state", state}) == "/query/state");
    }
    CHECK(only_problem({"class", "deadly"}) == "/query/class");
    CHECK(only_problem({"projectId", "a b"}) == "/query/projectId");
    CHECK(only_problem({"orgId", ""}) == "/query/orgId");
    for (const char* const limit : {"", "0", "201", "-1", "+5", "1.5", "ten", " 7", "7 "}) {
        CHECK(only_problem({"limit", limit}) == "/query/limit");
    }
    for (const char* const cursor : {"", "0", "-1", "x", "9223372036854775808"}) {
        CHECK(only_problem({"cursor", cursor}) == "/query/cursor");
    }
}

TEST_CASE("all bad parameters are named at once")
{
    const auto parsed = parse_letter_query(ask(
        {{"cursor", "x"},
         {"limit", "0"},
         {"orgId", "?"},
         {"projectId", "?"},
         {"class", "?"},
         {"state", "?"},
         {"states", "open"}}
    ));

    std::string pointers;
    for (const Problem& problem : std::get<Problems>(parsed)) {
        CHECK_FALSE(problem.reason.empty());
        pointers += problem.pointer + " ";
    }
    CHECK(
        pointers ==
        "/query/state /query/class /query/projectId /query/orgId /query/limit /query/cursor "
        "/query/states "
    );
}

}  // namespace
}  // namespace libra
