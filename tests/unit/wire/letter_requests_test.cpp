#include "shared/wire/letter_requests.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

namespace {

std::string pointers_of(const Problems& problems)
{
    std::string pointers;
    for (const Problem& problem : problems) {
        pointers += problem.pointer + " " + problem.reason + "; ";
    }
    return pointers;
}

}  // namespace

TEST_CASE("a redrive asks for what it names and for everything when it names nothing")
{
    const auto some = parse_redrive_request(R"({"class":"poison","projectId":"p","orgId":"o"})");
    const auto all = parse_redrive_request(R"({})");
    const auto nulls = parse_redrive_request(R"({"class":null,"projectId":null,"orgId":null})");

    CHECK(
        std::get<RedriveRequest>(some) ==
        RedriveRequest{.failure_class = FailureClass::poison, .project_id = "p", .org_id = "o"}
    );
    CHECK(std::get<RedriveRequest>(all) == RedriveRequest{});
    CHECK(std::get<RedriveRequest>(nulls) == RedriveRequest{});
}

TEST_CASE("a misspelt filter is no request for everything")
{
    const auto parsed = parse_redrive_request(R"({"clas":"poison","class":"deadly"})");

    CHECK(
        pointers_of(std::get<Problems>(parsed)) ==
        "/clas is not known here; "
        "/class must be one of user, transient, resource, poison, exhausted, null; "
    );
}

TEST_CASE("to discard takes a reason of 1 to 500 characters")
{
    const auto with = [](const std::string& reason) {
        return parse_discard_request(R"({"reason":")" + reason + R"("})");
    };
    std::string longest;
    for (int i = 0; i < 500; ++i) {
        longest += "ü";
    }

    CHECK(std::get<DiscardRequest>(with("x")).reason == "x");
    CHECK(std::get<DiscardRequest>(with(longest)).reason == longest);
    CHECK(
        pointers_of(std::get<Problems>(with(longest + "x"))) ==
        "/reason must have at most 500 characters; "
    );
    CHECK(pointers_of(std::get<Problems>(with(""))) == "/reason must not be empty; ");
    CHECK(pointers_of(std::get<Problems>(parse_discard_request("{}"))) == "/reason is required; ");
}

TEST_CASE("a body that is no JSON is no request about dead letters")
{
    for (const char* const body : {"", "{", "{}{}", R"({"reason":"\u0000"})"}) {
        CHECK(std::holds_alternative<Unreadable>(parse_redrive_request(body)));
        CHECK(std::holds_alternative<Unreadable>(parse_discard_request(body)));
    }
}

}  // namespace libra::testing
