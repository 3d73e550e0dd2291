#include "stage.hpp"

#include <set>
#include <thread>
#include <vector>

namespace libra {
namespace {

using testing::Stage;

NewDeployment keyed(const Stage& stage, const std::string& id, const std::string& key = "key-1")
{
    NewDeployment deployment = stage.new_deployment(id);
    deployment.idempotency_key = key;
    return deployment;
}

Admission admit(Stage& stage, const NewDeployment& deployment)
{
    return stage.admissions.admit(stage.seeded.credential(), deployment).value();
}

void end_deployments(const Stage& stage)
{
    stage.database.run("update deployments set status = 'cancelled', finished_at = now()");
}

TEST_CASE("a key used again for the same parameters is answered with the first deployment")
{
    Stage stage;
    const Admission first = admit(stage, keyed(stage, "d1"));

    const Admission again = admit(stage, keyed(stage, "d2"));

    CHECK(first.verdict == AdmissionVerdict::accepted);
    CHECK_FALSE(first.earlier_deployment);
    CHECK(again.verdict == AdmissionVerdict::accepted);
    CHECK(again.earlier_deployment == "d1");
    CHECK(again.accepted_at == first.accepted_at);
    CHECK(stage.database.number("select count(*) from deployments") == 1);
    CHECK(stage.database.number("select count(*) from outbox") == 1);
}

TEST_CASE(
    "a key stands for its first answer when the deployment has ended, and whatever changed since"
)
{
    Stage stage;
    admit(stage, keyed(stage, "d1"));
    end_deployments(stage);
    stage.database.run("update projects set active = false; delete from members");

    CHECK(admit(stage, keyed(stage, "d2")).earlier_deployment == "d1");
}

TEST_CASE("the order of members does not make other parameters")
{
    Stage stage;
    NewDeployment first = keyed(stage, "d1");
    first.params_json = R"({"projectId": "project-1", "orgId": "org-1"})";
    NewDeployment again = keyed(stage, "d2");
    again.params_json = R"({"orgId":"org-1","projectId":"project-1"})";
    admit(stage, first);

    CHECK(admit(stage, again).earlier_deployment == "d1");
}

TEST_CASE("a key used again for other parameters is refused")
{
    Stage stage;
    admit(stage, keyed(stage, "d1"));
    end_deployments(stage);
    NewDeployment other = keyed(stage, "d2");
    other.params_json = R"({"projectId": "project-1", "initFiles": []})";

    CHECK(admit(stage, other).verdict == AdmissionVerdict::key_reused);
    CHECK(stage.database.number("select count(*) from deployments") == 1);
}

TEST_CASE("a refusal is not kept under its key")
{
    Stage stage;
    stage.accept("d1");
    CHECK(admit(stage, keyed(stage, "d2")).verdict == AdmissionVerdict::deployment_in_progress);
    end_deployments(stage);

    const Admission admission = admit(stage, keyed(stage, "d3"));

    CHECK(admission.verdict == AdmissionVerdict::accepted);
    CHECK_FALSE(admission.earlier_deployment);
}

TEST_CASE("a key is its caller's own")
{
    Stage stage;
    admit(stage, keyed(stage, "d1"));
    end_deployments(stage);
    stage.database.run("insert into members values ('org-1', 'user-2', 'member')");
    stage.database.run("insert into tokens (digest, user_id, scopes) "
                       "values (sha256('other'), 'user-2', '{deploy}')");
    NewDeployment theirs = keyed(stage, "d2");
    theirs.user_id = "user-2";

    const Admission admission = stage.admissions.admit({.digest = sha256("other")}, theirs).value();

    CHECK(admission.verdict == AdmissionVerdict::accepted);
    CHECK_FALSE(admission.earlier_deployment);
}

TEST_CASE("the same id asked again with its key is accepted again")
{
    Stage stage;
    const Admission first = admit(stage, keyed(stage, "d1"));

    const Admission again = admit(stage, keyed(stage, "d1"));

    CHECK(again.verdict == AdmissionVerdict::accepted);
    CHECK(again.earlier_deployment == "d1");
    CHECK(again.accepted_at == first.accepted_at);
}

TEST_CASE("after a day a key is new again, before and after it is forgotten")
{
    Stage stage;
    admit(stage, keyed(stage, "d1"));
    end_deployments(stage);
    CHECK(stage.rescue.forget_keys().value() == 0);
    stage.database.run("update idempotency_keys set created_at = now() - interval '24 hours'");

    SECTION("before")
    {
        CHECK_FALSE(admit(stage, keyed(stage, "d2")).earlier_deployment);

        CHECK(admit(stage, keyed(stage, "d3")).earlier_deployment == "d2");
        CHECK(stage.rescue.forget_keys().value() == 0);
    }
    SECTION("after")
    {
        CHECK(stage.rescue.forget_keys().value() == 1);

        CHECK(stage.database.number("select count(*) from idempotency_keys") == 0);
        CHECK_FALSE(admit(stage, keyed(stage, "d2")).earlier_deployment);
    }
}

TEST_CASE("of many requests at once with one key all get the same deployment")
{
    Stage stage;
    constexpr int k_requests = 16;
    auto settings = stage.database.settings();
    settings.connections = k_requests;
    PgPool pool{settings, stage.clock};
    PgAdmissionStore admissions{pool, {}};
    std::vector<Result<Admission>> answers(k_requests, Error{Errc::unavailable, "not asked"});
    {
        std::vector<std::jthread> clients;
        clients.reserve(k_requests);
        for (std::size_t client = 0; client < k_requests; ++client) {
            clients.emplace_back([&, client] {
                answers[client] = admissions.admit(
                    stage.seeded.credential(), keyed(stage, "d" + std::to_string(client))
                );
            });
        }
    }

    const std::string only = stage.database.text("select string_agg(id, ' ') from deployments");
    int earlier = 0;
    for (const Result<Admission>& answer : answers) {
        REQUIRE(answer.has_value());
        CHECK(answer->verdict == AdmissionVerdict::accepted);
        CHECK(answer->earlier_deployment.value_or(only) == only);
        earlier += answer->earlier_deployment ? 1 : 0;
    }
    CHECK(earlier == k_requests - 1);
}

TEST_CASE("of two requests at once with one key for different projects one is refused")
{
    Stage stage;
    testing::SeededProject other = stage.seeded;
    other.project_id = "project-2";
    seed_project(stage.database, other);
    NewDeployment second = keyed(stage, "d2");
    second.project_id = "project-2";
    second.params_json = R"({"projectId": "project-2"})";
    std::vector<Result<Admission>> answers(2, Error{Errc::unavailable, "not asked"});
    {
        const std::jthread one{[&] {
            answers[0] = stage.admissions.admit(stage.seeded.credential(), keyed(stage, "d1"));
        }};
        const std::jthread two{
            [&] { answers[1] = stage.admissions.admit(stage.seeded.credential(), second); }};
    }

    const std::multiset<AdmissionVerdict> verdicts{
        answers[0].value().verdict, answers[1].value().verdict};
    CHECK(
        verdicts ==
        std::multiset<AdmissionVerdict>{AdmissionVerdict::accepted, AdmissionVerdict::key_reused}
    );
    CHECK(stage.database.number("select count(*) from deployments") == 1);
}

}  // namespace
}  // namespace libra
