#include "api-gateway/projects/domain_handlers.hpp"

#include "bench.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::ProjectBench;

struct Fixture : ProjectBench {
    HttpResponse list() { return ask<DomainListHandler>("read", to("/projects/p-1/domains")); }

    HttpResponse add(std::string_view body = R"({"hostname":"a.example"})")
    {
        return ask<DomainAddHandler>("deploy", to("/projects/p-1/domains", body));
    }

    HttpResponse remove(const std::string& hostname = "a.example")
    {
        return ask<DomainRemoveHandler>("deploy", to("/projects/p-1/domains/" + hostname));
    }
};

TEST_CASE_METHOD(Fixture, "the domains of a project are listed")
{
    domains.domains = std::vector<DomainRecord>{{.hostname = "a.example"}};

    const HttpResponse response = list();

    CHECK(response.status == 200);
    CHECK(
        response.body ==
        R"({"domains":[{"hostname":"a.example","createdAt":"1970-01-01T00:00:00.000Z"}],)"
        R"("timestamp":"1970-01-01T00:00:00.000Z"})"
    );
    CHECK(domains.calls == std::vector<std::string>{"list p-1"});
}

TEST_CASE_METHOD(Fixture, "a domain is added in its ASCII form, and once")
{
    CHECK(add(R"({"hostname":"Bücher.Example"})").status == 201);
    domains.addition = DomainAddition{.verdict = AddVerdict::present, .domain = {"a.example"}};
    const HttpResponse again = add();

    CHECK(again.status == 200);
    CHECK_THAT(again.body, Contains(R"({"success":true,"domain":{"hostname":"a.example",)"));
    CHECK(
        domains.calls ==
        std::vector<std::string>{"add p-1 xn--bcher-kva.example", "add p-1 a.example"}
    );
}

TEST_CASE_METHOD(Fixture, "a name that can be no custom domain is refused with the reason")
{
    for (const char* const body :
         {R"({"hostname":"localhost"})",
          R"({"hostname":"10.0.0.1"})",
          R"({"hostname":""})",
          R"({"hostname":"shop.sites.example"})",
          R"({"hostname":7})",
          "{}"}) {
        CAPTURE(body);
        const HttpResponse response = add(body);
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("/hostname"));
    }
    CHECK(add("no").status == 400);
    CHECK(domains.calls.empty());
}

TEST_CASE_METHOD(Fixture, "every reason not to add a domain has its code")
{
    struct Row {
        AddVerdict verdict;
        int status;
        const char* code;
    };

    const Row row = GENERATE(
        Row{AddVerdict::taken, 409, "\"domain_taken\""},
        Row{AddVerdict::too_many, 409, "\"too_many_domains\""},
        Row{AddVerdict::project_not_found, 404, "\"project_not_found\""},
        Row{AddVerdict::role_not_sufficient, 403, "\"role_not_sufficient\""}
    );
    domains.addition = DomainAddition{.verdict = row.verdict};

    const HttpResponse response = add();

    CHECK(response.status == row.status);
    CHECK_THAT(response.body, Contains(row.code));
}

TEST_CASE_METHOD(Fixture, "a domain is removed whichever way it is written")
{
    const HttpResponse response = remove("BÜCHER.example");

    CHECK(response.status == 200);
    CHECK_THAT(response.body, Contains(R"("hostname":"xn--bcher-kva.example","message":)"));
    CHECK(domains.calls == std::vector<std::string>{"remove p-1 xn--bcher-kva.example"});
}

TEST_CASE_METHOD(Fixture, "every reason not to remove a domain has its code")
{
    struct Row {
        RemoveVerdict verdict;
        int status;
        const char* code;
    };

    const Row row = GENERATE(
        Row{RemoveVerdict::absent, 404, "\"domain_not_found\""},
        Row{RemoveVerdict::project_not_found, 404, "\"project_not_found\""},
        Row{RemoveVerdict::role_not_sufficient, 403, "\"role_not_sufficient\""}
    );
    domains.removal = row.verdict;

    const HttpResponse response = remove();

    CHECK(response.status == row.status);
    CHECK_THAT(response.body, Contains(row.code));
    CHECK(remove("localhost").status == 400);
    CHECK_THAT(remove("localhost").body, Contains("\"invalid_hostname\""));
}

TEST_CASE_METHOD(Fixture, "domains of a project of others are not found")
{
    domains.domains = Error{Errc::not_found, "p-1"};

    CHECK(list().status == 404);
    CHECK_THAT(list().body, Contains("\"project_not_found\""));
}

TEST_CASE_METHOD(Fixture, "a registry of domains that fails is a reason to try later")
{
    const Error away{Errc::unavailable, "away"};
    domains.domains = away;
    domains.addition = away;
    domains.removal = away;

    for (const HttpResponse& response : {list(), add(), remove()}) {
        CHECK(response.status == 503);
    }
}

}  // namespace
}  // namespace libra
