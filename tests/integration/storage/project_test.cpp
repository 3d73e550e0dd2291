#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

TEST_CASE("the standing tells what has changed since the deployment was accepted")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    SECTION("nothing")
    {
        const auto standing = stage.projects.standing(lease).value();
        CHECK(standing.project_active);
        CHECK(standing.project_in_org);
        CHECK(standing.caller_may_deploy);
    }
    SECTION("the project was switched off")
    {
        stage.database.run("update projects set active = false");
        CHECK_FALSE(stage.projects.standing(lease).value().project_active);
    }
    SECTION("the project moved to another organisation")
    {
        stage.database.run("insert into organizations (id, name) values ('org-2', 'Two');"
                           "update projects set org_id = 'org-2'");
        CHECK_FALSE(stage.projects.standing(lease).value().project_in_org);
    }
    SECTION("the user became a viewer")
    {
        stage.database.run("update members set role = 'viewer'");
        CHECK_FALSE(stage.projects.standing(lease).value().caller_may_deploy);
    }
    SECTION("the user left")
    {
        stage.database.run("delete from members");
        CHECK_FALSE(stage.projects.standing(lease).value().caller_may_deploy);
    }
}

TEST_CASE("a domain belongs to the project that reserved it first")
{
    Stage stage;
    seed_project(stage.database, {.project_id = "project-2"});
    const auto first = stage.accept_and_claim("d1");
    auto other = stage.new_deployment("d2");
    other.project_id = "project-2";
    REQUIRE(
        stage.admissions.admit(stage.seeded.credential(), other).value().verdict ==
        AdmissionVerdict::accepted
    );
    const auto second = stage.claim("d2").lease;

    CHECK(stage.projects.reserve_domain(first, "www.example.org").value());
    CHECK(stage.projects.reserve_domain(first, "www.example.org").value());
    CHECK_FALSE(stage.projects.reserve_domain(second, "www.example.org").value());
}

TEST_CASE("a first deployment is laid on nothing")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    CHECK_FALSE(stage.projects.base_source(lease).value());
}

TEST_CASE("a deployment is laid on the newest older one that got past sync")
{
    Stage stage;
    const auto first = stage.accept_and_claim("d1");
    REQUIRE(stage.projects.set_source(first, sha256("one")).has_value());
    REQUIRE(stage.work.complete(first, {}).has_value());
    const auto second = stage.accept_and_claim("d2");
    REQUIRE(stage.projects.set_source(second, sha256("two")).has_value());
    REQUIRE(stage.work.cancel(second, StepName::build).has_value());
    const auto third = stage.accept_and_claim("d3");
    REQUIRE(stage.work.cancel(third, StepName::validate).has_value());
    const auto fourth = stage.accept_and_claim("d4");

    CHECK(stage.projects.base_source(fourth).value() == sha256("two"));

    stage.database.run("update deployments set source = null where id = 'd2'");
    CHECK(stage.projects.base_source(fourth).value() == sha256("two"));
}

TEST_CASE("the template of a deployment's project is told to who holds the deployment")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    CHECK_FALSE(stage.projects.site_template(lease).value());

    stage.database.run("update projects set site_template = 'astro'");

    CHECK(stage.projects.site_template(lease).value() == "astro");
    const Lease lost{.deployment_id = lease.deployment_id, .fence = lease.fence + 1};
    CHECK(stage.projects.site_template(lost).error().code == Errc::fenced);
}

struct ComparisonStage : Stage {
    Lease built(const std::string& id)
    {
        const Lease lease = accept_and_claim(id);
        REQUIRE(projects.set_source(lease, sha256(id)).has_value());
        REQUIRE(projects.variables(lease).has_value());
        return lease;
    }

    void good(const std::string& id)
    {
        const Lease lease = built(id);
        go_live(lease);
        REQUIRE(work.complete(lease, {.statistics_json = R"({"build": {"nodeVersion": "20"}})"})
                    .has_value());
    }
};

TEST_CASE_METHOD(ComparisonStage, "a first deployment has no good release to be compared with")
{
    const auto comparison = projects.last_good_release(built("d1")).value();

    CHECK_FALSE(comparison.last_good);
    CHECK(comparison.variable_versions == "{}");
}

TEST_CASE_METHOD(ComparisonStage, "the last good release is the newest one before that completed")
{
    good("d1");
    good("d2");
    const Lease failed = built("d3");
    REQUIRE(work.fail(failed, {.code = "no"}, StepName::build, {}).has_value());

    const auto comparison = projects.last_good_release(built("d4")).value();

    REQUIRE(comparison.last_good);
    CHECK(comparison.last_good->deployment_id == "d2");
    CHECK(comparison.last_good->source == sha256("d2"));
    CHECK(comparison.last_good->build == R"({"nodeVersion": "20"})");
    CHECK(comparison.last_good->variable_versions == "{}");
    CHECK(comparison.last_good->finished_at > UtcTime{});
    CHECK(projects.last_good_release(failed).error().code == Errc::fenced);
}

TEST_CASE_METHOD(ComparisonStage, "when a variable was set is noted with the build, and no value")
{
    database.run("insert into variables (project_id, name, value, sealed, bytes) values "
                 "('project-1', 'API', 'hush', null, 4), ('project-1', 'KEY', null, 'sealed', 6)");

    const auto comparison = projects.last_good_release(built("d1")).value();

    REQUIRE(comparison.variable_versions);
    CHECK_THAT(*comparison.variable_versions, Catch::Contains(R"("API": 1)"));
    CHECK_THAT(*comparison.variable_versions, Catch::Contains(R"("KEY": 1)"));
    CHECK_THAT(*comparison.variable_versions, !Catch::Contains("hush"));
}

}  // namespace
}  // namespace libra
