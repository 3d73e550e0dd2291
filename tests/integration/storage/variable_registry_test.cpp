#include "shared/storage/pg_project_registry.hpp"
#include "shared/storage/pg_sealed_variables.hpp"
#include "shared/storage/pg_variable_registry.hpp"
#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

struct Bench : Stage {
    Bench() { database.run("insert into members values ('org-1', 'viewer-1', 'viewer')"); }

    VariableVerdict set(const NewVariable& variable)
    {
        return registry.set(member, "project-1", variable).value().verdict;
    }

    static NewVariable plain(const std::string& name, const std::string& value)
    {
        return {.name = name, .value = value, .bytes = value.size()};
    }

    PgVariableRegistry registry{pool};
    Requester member{.user_id = "user-1", .request_id = "request-9"};
    Requester viewer{.user_id = "viewer-1"};
    Requester stranger{.user_id = "stranger"};
    NewVariable token{
        .name = "TOKEN",
        .value = std::string{"\0\x01sealed\xff", 9},
        .secret = true,
        .bytes = 5};
};

TEST_CASE("variables are listed by name, and a secret without anything of its value")
{
    Bench bench;
    CHECK(bench.set(bench.token) == VariableVerdict::done);
    CHECK(bench.set(Bench::plain("API", "https://ä.example\n")) == VariableVerdict::done);
    CHECK(bench.set(Bench::plain("EMPTY", "")) == VariableVerdict::done);

    const auto listed = bench.registry.list(bench.viewer, "project-1").value();

    REQUIRE(listed.size() == 3);
    CHECK(listed[0].name == "API");
    CHECK(listed[0].value == "https://ä.example\n");
    CHECK(listed[1].value == "");
    CHECK(listed[2].name == "TOKEN");
    CHECK(listed[2].secret);
    CHECK_FALSE(listed[2].value.has_value());
    CHECK(
        bench.database.text("select string_agg(action || details, ' ' order by id) from audit_log "
                            "where details ->> 'name' <> 'EMPTY'") ==
        R"(variable.set{"name": "TOKEN", "orgId": "org-1", "secret": true} )"
        R"(variable.set{"name": "API", "orgId": "org-1", "secret": false})"
    );
}

TEST_CASE("a build reads what is set when it asks, secrets as they were sealed")
{
    Bench bench;
    REQUIRE(bench.set(bench.token) == VariableVerdict::done);
    REQUIRE(bench.set(Bench::plain("API", "first")) == VariableVerdict::done);
    const Lease lease = bench.accept_and_claim("d1");
    REQUIRE(bench.set(Bench::plain("API", "second")) == VariableVerdict::done);

    const auto stored = bench.projects.variables(lease).value();

    REQUIRE(stored.size() == 2);
    CHECK(stored[0].value == "second");
    CHECK_FALSE(stored[0].secret);
    CHECK(stored[1].value == bench.token.value);
    CHECK(stored[1].secret);
    const Lease lost{.deployment_id = "d1", .fence = lease.fence + 1};
    CHECK(bench.projects.variables(lost).error().code == Errc::fenced);
}

TEST_CASE("a project without variables has none")
{
    Bench bench;

    CHECK(bench.registry.list(bench.viewer, "project-1").value().empty());
    CHECK(bench.projects.variables(bench.accept_and_claim("d1")).value().empty());
}

TEST_CASE("a secret can become a plain variable and go")
{
    Bench bench;
    REQUIRE(bench.set(bench.token) == VariableVerdict::done);
    REQUIRE(bench.set(Bench::plain("TOKEN", "open")) == VariableVerdict::done);
    CHECK(bench.registry.list(bench.viewer, "project-1").value().at(0).value == "open");

    CHECK(
        bench.registry.remove(bench.member, "project-1", "TOKEN").value() == VariableVerdict::done
    );
    CHECK(
        bench.registry.remove(bench.member, "project-1", "TOKEN").value() == VariableVerdict::absent
    );
}

TEST_CASE("a project has a limited number of variables and of bytes in them")
{
    Bench bench;
    bench.database.run("insert into variables (project_id, name, value, bytes) "
                       "select 'project-1', 'V' || n, '', 0 from generate_series(1, 256) n");
    CHECK(bench.set(Bench::plain("ONE_MORE", "")) == VariableVerdict::too_many);
    CHECK(bench.set(Bench::plain("V1", "changed")) == VariableVerdict::done);

    bench.database.run("update variables set bytes = 1024");
    CHECK(bench.set(Bench::plain("V1", std::string(1025, 'v'))) == VariableVerdict::too_large);
    CHECK(bench.set(Bench::plain("V1", std::string(1024, 'v'))) == VariableVerdict::done);
}

TEST_CASE("viewers see variables, and strangers not even the project")
{
    Bench bench;
    CHECK(
        bench.registry.set(bench.viewer, "project-1", bench.token).value().verdict ==
        VariableVerdict::role_not_sufficient
    );
    CHECK(
        bench.registry.remove(bench.viewer, "project-1", "TOKEN").value() ==
        VariableVerdict::role_not_sufficient
    );
    CHECK(bench.registry.list(bench.stranger, "project-1").error().code == Errc::not_found);
    CHECK(
        bench.registry.set(bench.stranger, "project-1", bench.token).value().verdict ==
        VariableVerdict::project_not_found
    );
    CHECK(
        bench.registry.remove(bench.stranger, "project-1", "TOKEN").value() ==
        VariableVerdict::project_not_found
    );
}

TEST_CASE("secrets are gone through page by page, and sealed anew where nobody was faster")
{
    Bench bench;
    REQUIRE(bench.set(Bench::plain("API", "open")) == VariableVerdict::done);
    NewVariable other = bench.token;
    other.name = "OTHER";
    REQUIRE(bench.set(other) == VariableVerdict::done);
    REQUIRE(bench.set(bench.token) == VariableVerdict::done);
    bench.database.run("update variables set updated_at = 'epoch'");
    PgSealedVariables sealed{bench.pool};

    const auto first = sealed.after({}, 1).value();
    REQUIRE(first.size() == 1);
    CHECK(first[0].project_id == "project-1");
    CHECK(first[0].name == "OTHER");
    CHECK(first[0].sealed == bench.token.value);
    const auto second = sealed.after(first[0], 5).value();
    REQUIRE(second.size() == 1);
    CHECK(second[0].name == "TOKEN");
    CHECK(sealed.after(second[0], 5).value().empty());

    const std::string anew{"\0new", 4};
    CHECK(sealed.replace(first[0], anew).value());
    CHECK_FALSE(sealed.replace(first[0], "too late").value());
    CHECK(sealed.after({}, 1).value().at(0).sealed == anew);
    CHECK(bench.database.number("select count(*) from variables where updated_at = 'epoch'") == 3);
}

TEST_CASE("the variables of a deleted project are forgotten")
{
    Bench bench;
    REQUIRE(bench.set(bench.token) == VariableVerdict::done);
    bench.database.run("update members set role = 'owner' where user_id = 'user-1'");
    PgProjectRegistry registry{bench.pool};

    REQUIRE(registry.remove(bench.member, "project-1").value() == ProjectVerdict::done);

    CHECK(bench.database.number("select count(*) from variables") == 0);
}

}  // namespace
}  // namespace libra
