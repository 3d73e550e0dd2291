#include "shared/storage/pg_redeploy_store.hpp"
#include "shared/wire/queue_message.hpp"
#include "stage.hpp"

#include <future>

namespace libra {
namespace {

using testing::Stage;

struct RedeployStage : Stage {
    PgRedeployStore redeployments{pool, {}};

    /// Deploys and goes live.
    void release(const std::string& id)
    {
        const Lease lease = accept_and_claim(id);
        finish(lease);
    }

    void finish(const Lease& lease)
    {
        go_live(lease);
        REQUIRE(work.complete(lease, {.url = "https://a.test/"}).has_value());
    }

    /// Lets a worker take up what makes a release live again, which is uploaded already.
    void finish_reuse(const std::string& id)
    {
        const ClaimedDeployment claimed = claim(id);
        REQUIRE(claimed.uploaded);
        REQUIRE(releases.record_upload(claimed.lease, *claimed.uploaded, claimed.source).has_value()
        );
        const auto switched = releases.switch_live(
            claimed.lease,
            {.url = "https://a.test/"},
            [](const std::vector<std::string>&) { return Result<void>{}; }
        );
        REQUIRE(switched.value() == SwitchVerdict::live);
        REQUIRE(work.complete(claimed.lease, {.url = "https://a.test/"}).has_value());
    }

    void fail_one(const std::string& id)
    {
        const Lease lease = accept_and_claim(id);
        const Failure failure{
            .failure_class = FailureClass::user, .code = "build_failed", .message = "no"};
        REQUIRE(work.fail(lease, failure, StepName::build, {.statistics_json = "{}"}).has_value());
    }

    RedeployAnswer redeploy(Redeployment wanted)
    {
        wanted.request_id = "request-1";
        if (wanted.user_id.empty()) {
            wanted.user_id = seeded.user_id;
        }
        return redeployments.redeploy(wanted).value();
    }

    RedeployVerdict retry(const std::string& id, const std::string& source)
    {
        return redeploy({.id = id, .kind = DeploymentKind::retry, .source_id = source}).verdict;
    }

    RedeployVerdict promote(const std::string& id, const std::string& source)
    {
        return redeploy({.id = id, .kind = DeploymentKind::promote, .source_id = source}).verdict;
    }

    RedeployVerdict rollback(const std::string& id, const std::optional<std::string>& source = {})
    {
        return redeploy({.id = id,
                         .kind = DeploymentKind::rollback,
                         .source_id = source,
                         .project_id = seeded.project_id})
            .verdict;
    }

    std::string row(const std::string& columns, const std::string& id) const
    {
        return database.text(
            "select concat_ws(' ', " + columns + ") from deployments where id = '" + id + "'"
        );
    }
};

TEST_CASE_METHOD(
    RedeployStage,
    "a retry is a new deployment of the same files, announced and audited"
)
{
    NewDeployment first = new_deployment("d1");
    first.params_json = R"({"projectId": "project-1", "orgId": "org-1", "userId": "user-1",
                            "initFiles": [{"path": "a", "content": "b"}]})";
    REQUIRE(admit(first) == AdmissionVerdict::accepted);
    const Lease lease = claim("d1").lease;
    REQUIRE(projects.set_source(lease, sha256("tree")).has_value());
    REQUIRE(work.fail(
                    lease,
                    {.failure_class = FailureClass::user, .code = "no", .message = "no"},
                    StepName::build,
                    {}
    )
                .has_value());

    lose_messages();

    CHECK(retry("d2", "d1") == RedeployVerdict::accepted);

    CHECK(
        row("kind, source_deployment, generation, status, user_id, caller_id, priority", "d2") ==
        "retry d1 2 queued user-1 user-1 0"
    );
    CHECK(
        database.text("select n.params = o.params and n.source = o.source from deployments n, "
                      "deployments o where n.id = 'd2' and o.id = 'd1'") == "t"
    );
    CHECK(announced() == "d2");
    CHECK(project_status() == "preparing");
    CHECK(
        database.text("select concat_ws(' ', actor, action, subject, request_id, "
                      "details->>'deploymentId', details->>'projectId') from audit_log"
        ) == "user-1 deployment.retry d1 request-1 d2 project-1"
    );
    CHECK(claim("d2").source == sha256("tree"));
}

TEST_CASE_METHOD(RedeployStage, "a retry is laid on the files that what it repeats was laid on")
{
    fail_one("d1");
    const Lease second = accept_and_claim("d2");
    REQUIRE(projects.set_source(second, sha256("newer")).has_value());
    finish(second);
    REQUIRE(retry("d3", "d1") == RedeployVerdict::accepted);
    const Lease third = claim("d3").lease;

    CHECK_FALSE(projects.base_source(third).value());

    REQUIRE(work.fail(
                    third,
                    {.failure_class = FailureClass::user, .code = "no", .message = "no"},
                    StepName::sync,
                    {}
    )
                .has_value());
    REQUIRE(retry("d4", "d3") == RedeployVerdict::accepted);
    CHECK_FALSE(projects.base_source(claim("d4").lease).value());
}

TEST_CASE_METHOD(
    RedeployStage,
    "a promotion has the kept release and everything but its switch behind it"
)
{
    release("d1");
    release("d2");

    CHECK(promote("d3", "d1") == RedeployVerdict::accepted);

    CHECK(
        row("kind, source_deployment, generation, release_name, artifact_files, log_lines", "d3") ==
        "promote d1 3 d1-1 3 1"
    );
    CHECK(
        database.text("select string_agg(step || ' ' || status, ', ' order by step) "
                      "from deployment_steps where deployment_id = 'd3'"
        ) == "build completed, sandbox completed, sync completed, validate completed"
    );
    CHECK_THAT(
        database.text("select line from deployment_log where deployment_id = 'd3'"),
        Catch::Matchers::Contains("deployment d1")
    );
    const std::string message =
        database.text("select convert_from(payload, 'UTF8') from outbox where deployment_id = 'd3'"
        );
    CHECK(decode_queue_message(message).has_value());
    const ClaimedDeployment claimed = claim("d3");
    CHECK(claimed.kind == DeploymentKind::promote);
    REQUIRE(claimed.uploaded);
    CHECK(claimed.uploaded->release_name == "d1-1");
    CHECK(database.number("select count(*) from deployment_steps where deployment_id = 'd3'") == 4);
}

TEST_CASE_METHOD(RedeployStage, "what was promoted is live with a newer generation")
{
    release("d1");
    release("d2");
    REQUIRE(promote("d3", "d1") == RedeployVerdict::accepted);

    finish_reuse("d3");

    CHECK(
        database.text("select concat_ws(' ', live_deployment, live_generation, deployment_status) "
                      "from projects") == "d3 3 deployed"
    );
    CHECK(database.number("select count(*) from quota_takes where deployment_id = 'd3'") == 0);
    CHECK(promote("d4", "d1") == RedeployVerdict::already_live);
    CHECK(promote("d4", "d3") == RedeployVerdict::already_live);
    CHECK(promote("d4", "d2") == RedeployVerdict::accepted);
}

TEST_CASE_METHOD(RedeployStage, "going back twice goes back two releases, and then there is none")
{
    release("d1");
    release("d2");
    release("d3");
    REQUIRE(rollback("r1") == RedeployVerdict::accepted);
    CHECK(row("source_deployment", "r1") == "d2");
    finish_reuse("r1");
    REQUIRE(rollback("r2") == RedeployVerdict::accepted);
    CHECK(row("source_deployment", "r2") == "d1");
    finish_reuse("r2");

    CHECK(rollback("r3") == RedeployVerdict::no_earlier_release);

    REQUIRE(rollback("r4", "d3") == RedeployVerdict::accepted);
    finish_reuse("r4");
    CHECK(row("kind, release_name", "r4") == "rollback d3-1");
}

TEST_CASE_METHOD(RedeployStage, "after a promotion, going back leads to what was live before it")
{
    release("d1");
    release("d2");
    release("d3");
    REQUIRE(promote("p1", "d1") == RedeployVerdict::accepted);
    finish_reuse("p1");

    REQUIRE(rollback("r1") == RedeployVerdict::accepted);
    CHECK(row("source_deployment", "r1") == "d3");
    finish_reuse("r1");
    REQUIRE(rollback("r2") == RedeployVerdict::accepted);
    CHECK(row("source_deployment", "r2") == "d2");
}

TEST_CASE_METHOD(
    RedeployStage,
    "what was brought back and then replaced is what going back leads to"
)
{
    release("d1");
    release("d2");
    release("d3");
    REQUIRE(rollback("r1") == RedeployVerdict::accepted);
    finish_reuse("r1");
    release("d4");

    REQUIRE(rollback("r2") == RedeployVerdict::accepted);
    CHECK(row("source_deployment, release_name", "r2") == "r1 d2-1");
    finish_reuse("r2");
    REQUIRE(rollback("r3") == RedeployVerdict::accepted);
    CHECK(row("source_deployment", "r3") == "d1");
}

TEST_CASE_METHOD(RedeployStage, "a project that never was live has nothing to go back to")
{
    CHECK(rollback("r1") == RedeployVerdict::no_earlier_release);
    fail_one("d1");
    CHECK(rollback("r1") == RedeployVerdict::no_earlier_release);
    release("d2");
    CHECK(rollback("r1") == RedeployVerdict::no_earlier_release);
}

TEST_CASE_METHOD(RedeployStage, "only a finished release that is kept can be made live again")
{
    fail_one("d1");
    release("d2");
    release("d3");
    database.run("delete from releases where deployment_id = 'd2'");

    CHECK(promote("r1", "d1") == RedeployVerdict::source_unfinished);
    CHECK(promote("r1", "d2") == RedeployVerdict::release_gone);
    CHECK(rollback("r1", "d1") == RedeployVerdict::source_unfinished);
    CHECK(retry("r1", "d2") == RedeployVerdict::accepted);
}

TEST_CASE_METHOD(RedeployStage, "a project that is being deployed is not deployed a second time")
{
    release("d1");
    release("d2");
    accept("d3");

    for (const DeploymentKind kind : {DeploymentKind::retry, DeploymentKind::promote}) {
        const RedeployAnswer answer = redeploy({.id = "r1", .kind = kind, .source_id = "d1"});
        CHECK(answer.verdict == RedeployVerdict::deployment_in_progress);
        CHECK(answer.blocking_deployment == "d3");
    }
    CHECK(retry("r1", "d3") == RedeployVerdict::deployment_in_progress);
    CHECK(rollback("r1") == RedeployVerdict::deployment_in_progress);
}

TEST_CASE_METHOD(RedeployStage, "of two that redeploy at the same time one does")
{
    release("d1");
    release("d2");
    const auto run = [this](const std::string& id) {
        return std::async(std::launch::async, [this, id] { return rollback(id); });
    };

    auto one = run("r1");
    auto two = run("r2");
    const std::array verdicts{one.get(), two.get()};

    CHECK(std::count(verdicts.begin(), verdicts.end(), RedeployVerdict::accepted) == 1);
    CHECK(
        std::count(verdicts.begin(), verdicts.end(), RedeployVerdict::deployment_in_progress) == 1
    );
}

TEST_CASE_METHOD(RedeployStage, "the same call again says that it was accepted, and writes nothing")
{
    fail_one("d1");

    CHECK(retry("d2", "d1") == RedeployVerdict::accepted);
    CHECK(retry("d2", "d1") == RedeployVerdict::accepted);

    CHECK(database.number("select count(*) from deployments") == 2);
    CHECK(database.number("select count(*) from audit_log") == 1);
}

TEST_CASE_METHOD(RedeployStage, "who is no member redeploys nothing and learns nothing")
{
    fail_one("d1");
    const auto as = [&](const std::string& user, const std::string& source) {
        return redeploy(
                   {.id = "r1", .kind = DeploymentKind::retry, .source_id = source, .user_id = user}
        )
            .verdict;
    };

    CHECK(as("stranger", "d1") == RedeployVerdict::not_found);
    CHECK(as("user-1", "d9") == RedeployVerdict::not_found);
    CHECK(
        redeploy({.id = "r1", .kind = DeploymentKind::rollback, .project_id = "project-9"})
            .verdict == RedeployVerdict::not_found
    );
    database.run("update members set role = 'viewer'");
    CHECK(as("user-1", "d1") == RedeployVerdict::role_may_not_deploy);
    CHECK(database.number("select count(*) from audit_log") == 0);
}

TEST_CASE_METHOD(RedeployStage, "who redeploys for every organisation represents the earlier user")
{
    fail_one("d1");

    const RedeployAnswer answer = redeploy(
        {.id = "d2",
         .kind = DeploymentKind::retry,
         .source_id = "d1",
         .user_id = "bot",
         .everywhere = true}
    );

    CHECK(answer.verdict == RedeployVerdict::accepted);
    CHECK(row("user_id, caller_id, params->>'userId'", "d2") == "user-1 bot user-1");
}

TEST_CASE_METHOD(RedeployStage, "a deployment of another project is none to go back to")
{
    accept_elsewhere("d1");
    REQUIRE(cancel("d1") == CancelVerdict::cancelled);

    CHECK(rollback("r1", "d1") == RedeployVerdict::source_not_found);
    CHECK(rollback("r1", "d9") == RedeployVerdict::source_not_found);
}

TEST_CASE_METHOD(RedeployStage, "a project that is not active is not redeployed")
{
    fail_one("d1");
    database.run("update projects set active = false");

    CHECK(retry("d2", "d1") == RedeployVerdict::project_inactive);
}

TEST_CASE_METHOD(RedeployStage, "no more is accepted than can be kept while the broker is away")
{
    fail_one("d1");
    PgRedeployStore full{pool, {}, 0};

    const auto answer = full.redeploy(
        {.id = "d2", .kind = DeploymentKind::retry, .source_id = "d1", .user_id = "user-1"}
    );

    CHECK(answer.value().verdict == RedeployVerdict::outbox_full);
    database.run("delete from outbox where not event");
    CHECK(database.number("select count(*) from outbox") > 0);
    PgRedeployStore one{pool, {}, 1};
    CHECK(
        one.redeploy(
               {.id = "d3", .kind = DeploymentKind::retry, .source_id = "d1", .user_id = "user-1"}
        )
            .value()
            .verdict == RedeployVerdict::accepted
    );
}

TEST_CASE_METHOD(
    RedeployStage,
    "what makes a release live again needs no slot and no room in its organisation"
)
{
    release("d1");
    release("d2");
    REQUIRE(rescue.set_slots(1).has_value());
    PgWorkStore narrow{pool, {}, {.deployments = 1, .of_organization = 1}};
    accept_elsewhere("busy");
    REQUIRE(std::holds_alternative<ClaimedDeployment>(narrow.claim("busy", "w").value()));
    REQUIRE(promote("r1", "d1") == RedeployVerdict::accepted);

    CHECK(std::holds_alternative<ClaimedDeployment>(narrow.claim("r1", "w").value()));
}

TEST_CASE_METHOD(RedeployStage, "what makes a release live again goes before what waits longer")
{
    release("d1");
    release("d2");
    accept_elsewhere("waits");
    CHECK_FALSE(work.first_in_line().value());

    REQUIRE(promote("r1", "d1") == RedeployVerdict::accepted);

    CHECK(work.first_in_line().value() == "r1");
    CHECK(control.place(seeded.credential(), "waits").value().ahead == 1);
    CHECK(control.place(seeded.credential(), "r1").value().ahead == 0);
    finish_reuse("r1");
    CHECK_FALSE(work.first_in_line().value());
}

}  // namespace
}  // namespace libra
