#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

TEST_CASE("renewing extends the lease from now on")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.database.run("update deployments set lease_until = now() + interval '1 second'");

    CHECK_FALSE(stage.work.renew(lease).value());

    CHECK(
        stage.database.number("select (lease_until > now() + interval '20 seconds')::int "
                              "from deployments") == 1
    );
}

TEST_CASE("an expired lease that nobody claimed is renewed")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.let_lease_expire("d1");

    CHECK(stage.work.renew(lease).has_value());
    CHECK(
        std::get<ClaimRefusal>(stage.work.claim("d1", "worker-2").value()) ==
        ClaimRefusal::leased_elsewhere
    );
}

TEST_CASE("renewing tells that cancel was requested")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.database.run("update deployments set cancel_requested = true");

    CHECK(stage.work.renew(lease).value());
}

TEST_CASE("lines are numbered in one sequence with the milestones")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    REQUIRE(stage.work.begin_step(lease, StepName::build, "Building").has_value());
    REQUIRE(stage.work
                .append_log(
                    lease,
                    {{.step = StepName::build, .stream = LogStream::out, .text = "a \"b\", {c}\\"},
                     {.step = StepName::build, .stream = LogStream::err, .text = ""}}
                )
                .has_value());
    REQUIRE(stage.work.append_log(lease, {}).has_value());
    REQUIRE(stage.work
                .append_log(
                    lease, {{.step = StepName::build, .stream = LogStream::out, .text = "NULL"}}
                )
                .has_value());

    CHECK(
        stage.database.text("select string_agg(concat_ws('|', seq, step, stream, line), E'\\n' "
                            "order by seq) from deployment_log") ==
        "1|build|milestone|Building\n"
        "2|build|stdout|a \"b\", {c}\\\n"
        "3|build|stderr|\n"
        "4|build|stdout|NULL"
    );
}

TEST_CASE("a line with bytes that are no text is kept as far as it is text")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    REQUIRE(stage.work.append_log(
                          lease, {{.text = std::string{"a\0b\xff", 4}}, {.text = "next"}}
    ).has_value());

    CHECK(
        stage.database.text("select line from deployment_log where seq = 1") == "a\xEF\xBF\xBD"
                                                                                "b\xEF\xBF\xBD"
    );
    CHECK(stage.database.text("select line from deployment_log where seq = 2") == "next");
}

TEST_CASE("a step that is begun and ended twice is written once")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    for (int call = 0; call < 2; ++call) {
        REQUIRE(stage.work.begin_step(lease, StepName::sync, "Syncing").has_value());
    }
    for (int call = 0; call < 2; ++call) {
        REQUIRE(stage.work.end_step(lease, StepName::sync, "broken").has_value());
    }

    CHECK(stage.database.number("select count(*) from deployment_log") == 1);
    CHECK(
        stage.database.text("select status || ' ' || error from deployment_steps") ==
        "failed broken"
    );
}

TEST_CASE("the end of a step whose beginning the database lost is kept")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    REQUIRE(stage.work.end_step(lease, StepName::sync, {}).has_value());

    CHECK(stage.database.text("select status from deployment_steps") == "completed");
}

TEST_CASE("the project is deploying from the deploy step on")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    REQUIRE(stage.work.begin_step(lease, StepName::build, "Building").has_value());
    CHECK(stage.project_status() == "preparing");
    REQUIRE(stage.work.begin_step(lease, StepName::deploy, "Deploying").has_value());
    CHECK(stage.project_status() == "deploying");
}

TEST_CASE("a holder whose deployment was claimed by another writes nothing")
{
    Stage stage;
    const auto lost = stage.accept_and_claim("d1");
    stage.let_lease_expire("d1");
    const auto holder = stage.claim("d1", "worker-2").lease;
    const Failure failure{.failure_class = FailureClass::user, .code = "c", .message = "m"};
    const auto state = [&stage] {
        return stage.database.text(
            "select concat_ws('|', d.status, d.fence, d.log_lines, d.source, p.deployment_status, "
            "p.live_generation, (select count(*) from deployment_steps), "
            "(select count(*) from quota_takes), (select count(*) from domains)) "
            "from deployments d join projects p on p.id = d.project_id"
        );
    };
    const auto before = state();

    CHECK(stage.work.renew(lost).error().code == Errc::fenced);
    CHECK(stage.work.begin_step(lost, StepName::deploy, "m").error().code == Errc::fenced);
    CHECK(stage.work.end_step(lost, StepName::deploy, {}).error().code == Errc::fenced);
    CHECK(stage.work.append_log(lost, {{.text = "m"}}).error().code == Errc::fenced);
    CHECK(stage.work.complete(lost, {}).error().code == Errc::fenced);
    CHECK(stage.work.fail(lost, failure, StepName::build, {}).error().code == Errc::fenced);
    CHECK(stage.work.cancel(lost, StepName::build).error().code == Errc::fenced);
    CHECK(stage.work.retry_later(lost, failure, StepName::build, {}).error().code == Errc::fenced);
    CHECK(stage.work.hand_back(lost).error().code == Errc::fenced);
    CHECK(stage.projects.standing(lost).error().code == Errc::fenced);
    CHECK(stage.projects.take_quota(lost).error().code == Errc::fenced);
    CHECK(stage.projects.reserve_domain(lost, "a.test").error().code == Errc::fenced);
    CHECK(stage.projects.base_source(lost).error().code == Errc::fenced);
    CHECK(stage.projects.set_source(lost, sha256("s")).error().code == Errc::fenced);
    CHECK(stage.work.cancel_requested(lost).error().code == Errc::fenced);
    CHECK(stage.releases.record_upload(lost, {}, std::nullopt).error().code == Errc::fenced);
    const auto flip = [](const std::vector<std::string>&) { return Result<void>{}; };
    CHECK(stage.releases.switch_live(lost, {}, flip).error().code == Errc::fenced);
    CHECK(state() == before);
    CHECK(stage.work.renew(holder).has_value());
}

}  // namespace
}  // namespace libra
