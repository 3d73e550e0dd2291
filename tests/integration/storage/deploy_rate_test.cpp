#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

struct LimitedStage : Stage {
    Admission ask(PgAdmissionStore& through, const std::string& id)
    {
        testing::SeededProject other = seeded;
        other.project_id = "project-of-" + id;
        if (database.number(
                "select count(*) from projects where id = '" + other.project_id + "'"
            ) == 0) {
            testing::seed_project(database, other);
        }
        NewDeployment deployment = new_deployment(id);
        deployment.project_id = other.project_id;
        return through.admit(seeded.credential(), deployment).value();
    }

    Admission ask(const std::string& id) { return ask(limited, id); }

    PgAdmissionStore limited{pool, {}, {.deploys_a_minute = 2}};
};

TEST_CASE_METHOD(LimitedStage, "a caller's deployments within a minute are limited and counted")
{
    const Admission first = ask("d1");
    REQUIRE(first.rate);
    CHECK(first.rate->limit == 2);
    CHECK(first.rate->accepted == 0);
    CHECK(ask("d2").rate->accepted == 1);

    const Admission third = ask("d3");

    CHECK(third.verdict == AdmissionVerdict::rate_limited);
    CHECK(third.rate->accepted == 2);
    CHECK(third.rate->oldest_ends_in > std::chrono::seconds{0});
    CHECK(third.rate->oldest_ends_in <= std::chrono::seconds{60});
    CHECK(database.number("select count(*) from deployments") == 2);
}

TEST_CASE_METHOD(LimitedStage, "the limit holds over all gateways together")
{
    PgAdmissionStore another{pool, {}, {.deploys_a_minute = 2}};
    ask("d1");
    ask(another, "d2");

    CHECK(ask("d3").verdict == AdmissionVerdict::rate_limited);
    CHECK(ask(another, "d3").verdict == AdmissionVerdict::rate_limited);
}

TEST_CASE_METHOD(LimitedStage, "what is older than a minute does not count")
{
    ask("d1");
    ask("d2");
    database.run("update deployments set created_at = created_at - interval '1 minute' "
                 "where id = 'd1'");

    CHECK(ask("d3").verdict == AdmissionVerdict::accepted);
    CHECK(ask("d4").verdict == AdmissionVerdict::rate_limited);
}

TEST_CASE_METHOD(LimitedStage, "another caller is not held up")
{
    ask("d1");
    ask("d2");
    database.run("update deployments set caller_id = 'somebody else' where id = 'd2'");

    CHECK(ask("d3").verdict == AdmissionVerdict::accepted);
}

TEST_CASE_METHOD(LimitedStage, "a deployment that was accepted already is found over the limit too")
{
    ask("d1");
    ask("d2");

    CHECK(ask("d2").verdict == AdmissionVerdict::accepted);
}

TEST_CASE_METHOD(LimitedStage, "without a limit nothing is told of a rate")
{
    CHECK_FALSE(ask(admissions, "d1").rate);
}

}  // namespace
}  // namespace libra
