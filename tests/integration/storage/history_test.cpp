#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

struct HistoryStage : Stage {
    Reader member{.user_id = seeded.user_id};
    Reader stranger{.user_id = "user-of-another"};
    Reader operator_of_all{.user_id = "ops", .everywhere = true};

    /// Accepts a deployment of the seeded project and lets it fail.
    void fail_one(const std::string& id)
    {
        const Lease lease = accept_and_claim(id);
        REQUIRE(work.begin_step(lease, StepName::build, "Building").has_value());
        REQUIRE(work.end_step(lease, StepName::build, "exit code 2").has_value());
        const Failure failure{
            .failure_class = FailureClass::user,
            .code = "build_failed",
            .message = "It did not build"};
        REQUIRE(work.fail(lease, failure, StepName::build, {.statistics_json = "{}"}).has_value());
    }

    std::string ids(const HistoryFilter& filter, const Reader& who)
    {
        std::string ids;
        for (const auto& deployment : history.list(who, filter, {}, 50).value().deployments) {
            ids += deployment.id + " ";
        }
        return ids;
    }

    std::string ids(const HistoryFilter& filter) { return ids(filter, member); }
};

TEST_CASE_METHOD(
    HistoryStage,
    "deployments are listed newest first, whichever way they are asked for"
)
{
    fail_one("d1");
    fail_one("d2");
    accept("d3");

    CHECK(ids({}) == "d3 d2 d1 ");
    CHECK(ids({.org_id = "org-1"}) == "d3 d2 d1 ");
    CHECK(ids({.project_id = "project-1"}) == "d3 d2 d1 ");
    CHECK(ids({.org_id = "org-1", .project_id = "project-1"}) == "d3 d2 d1 ");
    CHECK(ids({.status = DeploymentStatus::failed}) == "d2 d1 ");
    CHECK(ids({.org_id = "org-1", .status = DeploymentStatus::queued}) == "d3 ");
    CHECK(ids({.project_id = "project-1", .status = DeploymentStatus::failed}) == "d2 d1 ");
    CHECK(ids({.status = DeploymentStatus::completed}).empty());
}

TEST_CASE_METHOD(HistoryStage, "a page ends where the next one begins, also within one instant")
{
    for (const char* const id : {"d1", "d2", "d3", "d4", "d5"}) {
        fail_one(id);
    }
    database.run("update deployments set created_at = now() where id in ('d2', 'd3', 'd4')");
    std::string seen;
    std::optional<HistoryPosition> before;

    for (const std::size_t expected : {2U, 2U, 1U}) {
        const HistoryPage page = history.list(member, {}, before, 2).value();
        CHECK(page.deployments.size() == expected);
        for (const DeploymentSummary& deployment : page.deployments) {
            seen += deployment.id + " ";
        }
        before = page.next;
    }

    CHECK_FALSE(before);
    CHECK(seen == "d4 d3 d2 d5 d1 ");
}

TEST_CASE_METHOD(HistoryStage, "nobody learns of deployments of an organisation of others")
{
    fail_one("d1");

    for (const HistoryFilter& filter : std::vector<HistoryFilter>{
             {.org_id = "org-1"},
             {.project_id = "project-1"},
             {.org_id = "org-1", .project_id = "project-1"}}) {
        const auto page = history.list(stranger, filter, {}, 50);
        REQUIRE(page.has_error());
        CHECK(page.error().code == Errc::not_found);
    }
    CHECK(ids({}, stranger).empty());
    CHECK(history.find(stranger, "d1").error().code == Errc::not_found);
    CHECK(history.log(stranger, "d1", {.limit = 10}).error().code == Errc::not_found);
}

TEST_CASE_METHOD(HistoryStage, "who may read everywhere names the organisation to read")
{
    fail_one("d1");

    CHECK(ids({.org_id = "org-1"}, operator_of_all) == "d1 ");
    CHECK(ids({.project_id = "project-1"}, operator_of_all) == "d1 ");
    CHECK(ids({}, operator_of_all).empty());
    CHECK(history.find(operator_of_all, "d1").has_value());
    CHECK(history.log(operator_of_all, "d1", {.limit = 10}).has_value());
}

TEST_CASE_METHOD(HistoryStage, "what is not there is not found")
{
    accept("d1");

    CHECK(history.list(member, {.org_id = "org-9"}, {}, 50).error().code == Errc::not_found);
    CHECK(history.list(member, {.project_id = "p-9"}, {}, 50).error().code == Errc::not_found);
    CHECK(
        history.list(member, {.org_id = "org-9", .project_id = "project-1"}, {}, 50).error().code ==
        Errc::not_found
    );
    CHECK(history.find(member, "d9").error().code == Errc::not_found);
    CHECK(history.log(member, "d9", {.limit = 10}).error().code == Errc::not_found);
}

TEST_CASE_METHOD(HistoryStage, "a viewer reads the history")
{
    fail_one("d1");
    database.run("update members set role = 'viewer'");

    CHECK(ids({}) == "d1 ");
    CHECK(history.find(member, "d1").has_value());
}

TEST_CASE_METHOD(HistoryStage, "of a deployment that waits only its request is known")
{
    accept("d1");

    const DeploymentHistory found = history.find(member, "d1").value();

    CHECK(found.summary.id == "d1");
    CHECK(found.summary.project_id == "project-1");
    CHECK(found.summary.org_id == "org-1");
    CHECK(found.summary.user_id == "user-1");
    CHECK(found.summary.status == DeploymentStatus::queued);
    CHECK(found.summary.kind == DeploymentKind::deploy);
    CHECK_FALSE(found.summary.source_id);
    CHECK_FALSE(found.summary.live);
    CHECK_FALSE(found.summary.started_at);
    CHECK_FALSE(found.summary.finished_at);
    CHECK(found.generation == 1);
    CHECK(found.attempts.empty());
    CHECK_FALSE(found.artifact);
    CHECK_FALSE(found.build);
    CHECK(found.steps[0].status == StepStatus::pending);
}

TEST_CASE_METHOD(HistoryStage, "a failed deployment is told with its attempt and its step")
{
    fail_one("d1");

    const DeploymentHistory found = history.find(member, "d1").value();

    CHECK(found.summary.status == DeploymentStatus::failed);
    CHECK(found.summary.failure_class == FailureClass::user);
    CHECK(found.summary.error_code == "build_failed");
    CHECK(found.summary.error == "It did not build");
    CHECK(found.summary.started_at);
    CHECK(found.summary.finished_at);
    CHECK(found.summary.steps[3] == StepStatus::failed);
    REQUIRE(found.attempts.size() == 1);
    CHECK(found.attempts[0].outcome == "failed");
    CHECK(found.attempts[0].step == "build");
    CHECK(found.steps[3].status == StepStatus::failed);
    CHECK(found.steps[3].error == "exit code 2");
    CHECK(found.steps[3].attempt == 1);
    CHECK(found.steps[3].started_at);
    CHECK(found.steps[3].finished_at);
    CHECK(found.steps[4].status == StepStatus::pending);
}

TEST_CASE_METHOD(HistoryStage, "the live deployment is told as such, with its artifact and address")
{
    const Lease lease = accept_and_claim("d1");
    go_live(lease);
    REQUIRE(work.complete(
                    lease,
                    {.url = "https://a.test/",
                     .preview_url = "https://p.test/",
                     .statistics_json = R"({"build": {"framework": "vite"}})"}
    )
                .has_value());

    const DeploymentHistory found = history.find(member, "d1").value();

    CHECK(found.build == R"({"framework": "vite"})");
    CHECK(found.summary.live);
    CHECK(found.summary.url == "https://a.test/");
    CHECK(found.summary.preview_url == "https://p.test/");
    REQUIRE(found.artifact);
    CHECK(found.artifact->digest == sha256("site").hex());
    CHECK(found.artifact->files == 3);
    CHECK(found.artifact->bytes == 300);
}

TEST_CASE_METHOD(HistoryStage, "a log is read by step, from a sequence and up to a limit")
{
    const Lease lease = accept_and_claim("d1");
    REQUIRE(work.begin_step(lease, StepName::sync, "Syncing").has_value());
    REQUIRE(work.append_log(
                    lease,
                    {{.step = StepName::build, .stream = LogStream::out, .text = "one"},
                     {.step = StepName::build, .stream = LogStream::err, .text = "two"},
                     {.step = StepName::deploy, .stream = LogStream::out, .text = "three"}}
    ).has_value());

    const LogPage all = history.log(member, "d1", {.limit = 4}).value();
    const LogPage build = history.log(member, "d1", {.step = StepName::build, .limit = 9}).value();
    const LogPage rest = history.log(member, "d1", {.after = 2, .limit = 1}).value();

    REQUIRE(all.lines.size() == 4);
    CHECK(all.lines[0].stream == "milestone");
    CHECK(all.lines[0].line == "Syncing");
    CHECK(all.lines[2].stream == "stderr");
    CHECK(all.lines[2].step == "build");
    CHECK(all.lines[3].seq == 4);
    REQUIRE(build.lines.size() == 2);
    CHECK(build.lines[1].line == "two");
    REQUIRE(rest.lines.size() == 1);
    CHECK(rest.lines[0].line == "two");
}

TEST_CASE_METHOD(HistoryStage, "a log is finished once the deployment has ended and all is read")
{
    accept("d0");
    CHECK_FALSE(history.log(member, "d0", {.limit = 10}).value().finished);
    CHECK(cancel("d0") == CancelVerdict::cancelled);
    CHECK(history.log(member, "d0", {.limit = 10}).value().finished);

    fail_one("d1");
    const Lease lease = accept_and_claim("d2");
    REQUIRE(work.begin_step(lease, StepName::sync, "Syncing").has_value());

    CHECK(history.log(member, "d1", {.limit = 1}).value().finished);
    CHECK_FALSE(history.log(member, "d2", {.limit = 10}).value().finished);
    CHECK(history.log(member, "d1", {.after = 100, .limit = 1}).value().lines.empty());
}

TEST_CASE_METHOD(HistoryStage, "what a failure was explained with is shown while it is failed")
{
    const Lease lease = accept_and_claim("d1");
    const Failure failure{
        .failure_class = FailureClass::user, .code = "build_failed", .message = "no"};
    REQUIRE(work.fail(
                    lease,
                    failure,
                    StepName::build,
                    {.report_json = R"({"phase": "build", "firstErrors": ["a ✓"]})"}
    )
                .has_value());
    fail_one("d2");

    CHECK(
        history.find(member, "d1")->failure_report ==
        R"({"phase": "build", "firstErrors": ["a ✓"]})"
    );
    CHECK_FALSE(history.find(member, "d2")->failure_report);
    database.run("update deployments set status = 'queued', finished_at = null where id = 'd1'");
    CHECK_FALSE(history.find(member, "d1")->failure_report);
}

}  // namespace
}  // namespace libra
