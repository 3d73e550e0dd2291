#include "api-gateway/projects/variable_handlers.hpp"

#include "bench.hpp"
#include "shared/domain/variable_rules.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::ProjectBench;

struct Fixture : ProjectBench {
    HttpResponse list() { return ask<VariableListHandler>("read", to("/projects/p-1/env")); }

    HttpResponse set(std::string_view body, const std::string& name = "TOKEN")
    {
        return ask<VariableSetHandler>("deploy", to("/projects/p-1/env/" + name, body));
    }

    HttpResponse remove(const std::string& name = "TOKEN")
    {
        return ask<VariableRemoveHandler>("deploy", to("/projects/p-1/env/" + name));
    }
};

constexpr std::string_view k_plain{R"({"value":"https://api.example"})"};
constexpr std::string_view k_secret{R"({"value":"hush-hush","secret":true})"};

TEST_CASE_METHOD(Fixture, "variables are listed, secrets without their values")
{
    variables.variables = std::vector<VariableRecord>{
        {.name = "API", .value = "https://api.example"}, {.name = "TOKEN", .secret = true}};

    const HttpResponse response = list();

    CHECK(response.status == 200);
    CHECK(
        response.body ==
        R"({"variables":[{"name":"API","secret":false,"value":"https://api.example",)"
        R"("updatedAt":"1970-01-01T00:00:00.000Z"},{"name":"TOKEN","secret":true,)"
        R"("updatedAt":"1970-01-01T00:00:00.000Z"}],"timestamp":"1970-01-01T00:00:00.000Z"})"
    );
}

TEST_CASE_METHOD(Fixture, "a plain variable is stored as it is")
{
    const HttpResponse response = set(k_plain, "API");

    CHECK(response.status == 200);
    CHECK_THAT(
        response.body,
        Contains(
            R"({"success":true,"variable":{"name":"API","secret":false,"value":"https://api.example")"
        )
    );
    CHECK(variables.set_last.value == "https://api.example");
    CHECK(variables.set_last.bytes == 19);
    CHECK_FALSE(variables.set_last.secret);
    CHECK(set(R"({"value":"","secret":null})").status == 200);
}

TEST_CASE_METHOD(Fixture, "a secret is stored sealed for its project and name, and not shown")
{
    const HttpResponse response = set(k_secret);

    CHECK(response.status == 200);
    CHECK_THAT(response.body, !Contains("hush"));
    CHECK(variables.set_last.secret);
    CHECK(variables.set_last.bytes == 9);
    CHECK(variables.set_last.value.find("hush") == std::string::npos);
    CHECK(
        secrets->open(variables.set_last.value, variable_binding("p-1", "TOKEN")).value() ==
        "hush-hush"
    );
}

TEST_CASE_METHOD(Fixture, "without a key plain variables can be set and secrets can not")
{
    secrets.reset();

    CHECK(set(k_secret).status == 503);
    CHECK_THAT(set(k_secret).body, Contains("\"secrets_unavailable\""));
    CHECK(variables.calls.empty());
    CHECK(set(k_plain).status == 200);
}

TEST_CASE_METHOD(Fixture, "a name that no variable can have is refused with the reason")
{
    for (const HttpResponse& response : {set(k_plain, "PATH"), set(k_plain, "1A"), remove("a-b")}) {
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("\"invalid_variable_name\""));
    }
    CHECK_THAT(set(k_plain, "ld_preload").body, Contains("reserved"));
    CHECK(variables.calls.empty());
}

TEST_CASE_METHOD(Fixture, "what is wrong with a variable is named without its value")
{
    const std::string large = R"({"value":")" + std::string(32'769, 'v') + R"("})";
    for (const std::string_view body :
         {std::string_view{large}, std::string_view{"{}"}, std::string_view{R"({"value":7})"}}) {
        const HttpResponse response = set(body);
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("/value"));
        CHECK_THAT(response.body, !Contains("vvv"));
    }
    CHECK_THAT(set(R"({"value":"v","secret":"yes"})").body, Contains("/secret"));
    CHECK_THAT(set("{").body, Contains("\"invalid_json\""));
    CHECK(variables.calls.empty());
}

TEST_CASE_METHOD(Fixture, "every reason not to set or remove a variable has its code")
{
    struct Row {
        VariableVerdict verdict;
        int status;
        const char* code;
    };

    const Row row = GENERATE(
        Row{VariableVerdict::absent, 404, "\"variable_not_found\""},
        Row{VariableVerdict::too_many, 409, "\"too_many_variables\""},
        Row{VariableVerdict::too_large, 409, "\"variables_too_large\""},
        Row{VariableVerdict::project_not_found, 404, "\"project_not_found\""},
        Row{VariableVerdict::role_not_sufficient, 403, "\"role_not_sufficient\""}
    );
    variables.change = VariableChange{.verdict = row.verdict};
    variables.removal = row.verdict;

    for (const HttpResponse& response : {set(k_plain), remove()}) {
        CHECK(response.status == row.status);
        CHECK_THAT(response.body, Contains(row.code));
    }
}

TEST_CASE_METHOD(Fixture, "a variable is removed")
{
    const HttpResponse response = remove();

    CHECK(response.status == 200);
    CHECK_THAT(response.body, Contains(R"({"success":true,"name":"TOKEN","message":")"));
    CHECK(variables.calls == std::vector<std::string>{"remove p-1 TOKEN"});
}

TEST_CASE_METHOD(Fixture, "variables of a project of others are not found")
{
    variables.variables = Error{Errc::not_found, "p-1"};

    CHECK(list().status == 404);
}

TEST_CASE_METHOD(Fixture, "a registry of variables that fails is a reason to try later")
{
    const Error away{Errc::unavailable, "away"};
    variables.variables = away;
    variables.change = away;
    variables.removal = away;

    for (const HttpResponse& response : {list(), set(k_secret), remove()}) {
        CHECK(response.status == 503);
    }
}

}  // namespace
}  // namespace libra
