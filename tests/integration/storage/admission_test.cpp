#include "stage.hpp"

#include <atomic>
#include <thread>
#include <vector>

namespace libra {
namespace {

using testing::Stage;

AdmissionVerdict verdict(Stage& stage, const NewDeployment& deployment)
{
    return stage.admissions.admit(stage.seeded.credential(), deployment).value().verdict;
}

TEST_CASE("an accepted deployment is written with the message that announces it")
{
    Stage stage;

    const auto admission =
        stage.admissions.admit(stage.seeded.credential(), stage.new_deployment("d1")).value();

    CHECK(admission.verdict == AdmissionVerdict::accepted);
    CHECK(
        admission.accepted_at.time_since_epoch().count() ==
        stage.database.number(
            "select floor(extract(epoch from created_at) * 1000)::bigint from deployments"
        )
    );
    CHECK(stage.status("d1") == "queued");
    CHECK(stage.project_status() == "preparing");
    CHECK(
        stage.database.text("select caller_id || ' ' || request_id from deployments") ==
        "user-1 request-1"
    );
    const auto rows = stage.outbox.claim("relay", 10, std::chrono::seconds{30}).value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].exchange == "deployment");
    CHECK(rows[0].routing_key == "deployment-queue");
    CHECK_THAT(rows[0].payload, Catch::Contains(R"("deploymentId": "d1")"));
    CHECK_THAT(rows[0].payload, Catch::Contains(R"("retryCount": 0)"));
}

TEST_CASE("deployments of one project are numbered in the order of their acceptance")
{
    Stage stage;
    stage.accept("d1");
    stage.database.run("update deployments set status = 'cancelled', finished_at = now()");

    stage.accept("d2");

    CHECK(
        stage.database.text("select string_agg(id || generation, ' ' order by id) "
                            "from deployments") == "d11 d22"
    );
}

TEST_CASE("a credential that is unknown, expired or revoked lets nobody in")
{
    Stage stage;
    Credential credential = stage.seeded.credential();

    SECTION("unknown")
    {
        credential.digest = sha256("another");
    }
    SECTION("a token presented as a session")
    {
        credential.kind = CredentialKind::session;
    }
    SECTION("expired")
    {
        stage.database.run("update tokens set expires_at = now()");
    }
    SECTION("revoked")
    {
        stage.database.run("update tokens set revoked_at = now()");
    }

    const auto admission = stage.admissions.admit(credential, stage.new_deployment("d1")).value();
    CHECK(admission.verdict == AdmissionVerdict::unauthenticated);
    const auto principal = stage.admissions.authenticate(credential);
    REQUIRE(principal.has_error());
    CHECK(principal.error().code == Errc::unauthenticated);
    CHECK(stage.database.number("select count(*) from deployments") == 0);
}

TEST_CASE("a principal has the scopes of its token, and a session may deploy")
{
    Stage stage;
    stage.database.run("update tokens set scopes = '{read,deploy}', service = true;"
                       "insert into sessions (digest, user_id, expires_at) "
                       "values (sha256('cookie'), 'user-1', now() + interval '1 hour')");

    const auto token = stage.admissions.authenticate(stage.seeded.credential()).value();
    const auto session =
        stage.admissions.authenticate({.kind = CredentialKind::session, .digest = sha256("cookie")})
            .value();

    CHECK(token.user_id == "user-1");
    CHECK(token.service);
    CHECK(token.scopes == std::vector<std::string>{"read", "deploy"});
    CHECK(session.user_id == "user-1");
    CHECK_FALSE(session.service);
    CHECK(session.scopes == std::vector<std::string>{"deploy"});
}

TEST_CASE("a token without scopes is still somebody")
{
    Stage stage;
    stage.database.run("update tokens set scopes = '{}'");

    CHECK(stage.admissions.authenticate(stage.seeded.credential()).value().scopes.empty());
}

TEST_CASE("a session may deploy, an expired one may not")
{
    Stage stage;
    stage.database.run("insert into sessions (digest, user_id, expires_at) "
                       "values (sha256('cookie'), 'user-1', now() + interval '1 hour')");
    const Credential cookie{.kind = CredentialKind::session, .digest = sha256("cookie")};

    const auto fresh = stage.admissions.admit(cookie, stage.new_deployment("d1")).value();
    stage.database.run("update sessions set expires_at = now()");
    const auto stale = stage.admissions.admit(cookie, stage.new_deployment("d2")).value();

    CHECK(fresh.verdict == AdmissionVerdict::accepted);
    CHECK(stale.verdict == AdmissionVerdict::unauthenticated);
}

TEST_CASE("each thing that forbids a deployment has its verdict")
{
    Stage stage;
    NewDeployment deployment = stage.new_deployment("d1");
    AdmissionVerdict expected{};

    SECTION("the token lacks the scope")
    {
        stage.database.run("update tokens set scopes = '{read}'");
        expected = AdmissionVerdict::missing_scope;
    }
    SECTION("it is for somebody else")
    {
        deployment.user_id = "user-2";
        expected = AdmissionVerdict::not_the_caller;
    }
    SECTION("the user is no member")
    {
        stage.database.run("delete from members");
        expected = AdmissionVerdict::not_a_member;
    }
    SECTION("the organisation does not exist")
    {
        deployment.org_id = "org-none";
        expected = AdmissionVerdict::not_a_member;
    }
    SECTION("the user is a viewer")
    {
        stage.database.run("update members set role = 'viewer'");
        expected = AdmissionVerdict::role_may_not_deploy;
    }
    SECTION("the project does not exist")
    {
        deployment.project_id = "project-none";
        expected = AdmissionVerdict::project_not_found;
    }
    SECTION("the project is of another organisation")
    {
        seed_project(
            stage.database,
            {.project_id = "project-2", .org_id = "org-2", .user_id = "user-2", .token = "other"}
        );
        deployment.project_id = "project-2";
        expected = AdmissionVerdict::project_not_found;
    }
    SECTION("the project is inactive")
    {
        stage.database.run("update projects set active = false");
        expected = AdmissionVerdict::project_inactive;
    }

    CHECK(verdict(stage, deployment) == expected);
    CHECK(stage.database.number("select count(*) from deployments") == 0);
    CHECK(stage.database.number("select count(*) from outbox") == 0);
}

TEST_CASE("the scope admin includes deploy")
{
    Stage stage;
    stage.database.run("update tokens set scopes = '{admin}'");

    CHECK(verdict(stage, stage.new_deployment("d1")) == AdmissionVerdict::accepted);
}

TEST_CASE("a service token deploys for another member, and is recorded as the caller")
{
    Stage stage;
    stage.database.run("update tokens set service = true, user_id = 'builder'");

    CHECK(verdict(stage, stage.new_deployment("d1")) == AdmissionVerdict::accepted);
    CHECK(
        stage.database.text("select user_id || ' ' || caller_id from deployments") ==
        "user-1 builder"
    );
}

TEST_CASE("a project with an active deployment takes no second one, and says which it is")
{
    Stage stage;
    stage.accept("d1");

    const auto admission =
        stage.admissions.admit(stage.seeded.credential(), stage.new_deployment("d2")).value();

    CHECK(admission.verdict == AdmissionVerdict::deployment_in_progress);
    CHECK(admission.blocking_deployment == "d1");
}

TEST_CASE("the same id asked again is accepted again and written once")
{
    Stage stage;
    const auto deployment = stage.new_deployment("d1");
    const auto first = stage.admissions.admit(stage.seeded.credential(), deployment).value();

    const auto again = stage.admissions.admit(stage.seeded.credential(), deployment).value();

    CHECK(again.verdict == AdmissionVerdict::accepted);
    CHECK(again.accepted_at == first.accepted_at);
    CHECK(stage.database.number("select count(*) from outbox") == 1);
}

TEST_CASE("parameters that PostgreSQL cannot hold are invalid input")
{
    Stage stage;
    auto deployment = stage.new_deployment("d1");
    deployment.params_json = R"({"text": "\u0000"})";

    const auto admission = stage.admissions.admit(stage.seeded.credential(), deployment);

    REQUIRE(admission.has_error());
    CHECK(admission.error().code == Errc::invalid_input);
}

TEST_CASE("of many requests for one project at once exactly one is accepted")
{
    Stage stage;
    constexpr int k_requests = 16;
    auto settings = stage.database.settings();
    settings.connections = k_requests;
    PgPool pool{settings, stage.clock};
    PgAdmissionStore admissions{pool, {}};
    std::atomic<int> accepted{0};
    std::atomic<int> blocked{0};
    {
        std::vector<std::jthread> clients;
        clients.reserve(k_requests);
        for (int client = 0; client < k_requests; ++client) {
            clients.emplace_back([&, client] {
                const auto id = "d" + std::to_string(client);
                const auto admission =
                    admissions.admit(stage.seeded.credential(), stage.new_deployment(id));
                if (admission.has_error()) {
                    return;
                }
                accepted += admission->verdict == AdmissionVerdict::accepted ? 1 : 0;
                blocked += admission->verdict == AdmissionVerdict::deployment_in_progress &&
                                   !admission->blocking_deployment.empty()
                               ? 1
                               : 0;
            });
        }
    }

    CHECK(accepted == 1);
    CHECK(blocked == k_requests - 1);
    CHECK(stage.database.number("select count(*) from deployments") == 1);
    CHECK(stage.database.number("select count(*) from outbox") == 1);
}

}  // namespace
}  // namespace libra
