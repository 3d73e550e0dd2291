#include "network.hpp"
#include "stage.hpp"

namespace libra {
namespace {

using testing::Network;
using testing::Stage;

/// The stores over a network that fails on demand.
struct Line {
    explicit Line(Stage& stage)
        : network{stage.database},
          pool{network.settings, stage.clock},
          admissions{pool, {}},
          work{pool, {}},
          projects{pool},
          releases{pool}
    {
    }

    /// From here the next commit happens, and its answer gets lost.
    void lose_next_commit() { network.proxy.lose_answer_to("COMMIT"); }

    Network network;
    PgPool pool;
    PgAdmissionStore admissions;
    PgWorkStore work;
    PgProjectStore projects;
    PgReleaseStore releases;
};

TEST_CASE("an admission whose answer was lost is looked up by its id")
{
    Stage stage;
    Line line{stage};
    line.network.proxy.lose_answer_to("accept_deployment");

    const auto admission =
        line.admissions.admit(stage.seeded.credential(), stage.new_deployment("d1"));

    CHECK(line.network.proxy.lost_an_answer());
    CHECK(admission.value().verdict == AdmissionVerdict::accepted);
    CHECK(stage.database.number("select count(*) from deployments") == 1);
    CHECK(stage.database.number("select count(*) from outbox") == 1);
}

TEST_CASE("a claim whose commit got no answer is the one that was made")
{
    Stage stage;
    Line line{stage};
    stage.accept("d1");
    line.lose_next_commit();

    const auto answer = line.work.claim("d1", "worker-1").value();

    CHECK(line.network.proxy.lost_an_answer());
    REQUIRE(std::holds_alternative<ClaimedDeployment>(answer));
    CHECK(std::get<ClaimedDeployment>(answer).lease.fence == 1);
    CHECK(stage.database.number("select attempt from deployments") == 1);
}

TEST_CASE("a claim lost before its commit is made again")
{
    Stage stage;
    Line line{stage};
    stage.accept("d1");
    line.network.proxy.lose_answer_to("claim_deployment");

    const auto answer = line.work.claim("d1", "worker-1").value();

    CHECK(line.network.proxy.lost_an_answer());
    REQUIRE(std::holds_alternative<ClaimedDeployment>(answer));
    CHECK(stage.database.number("select attempt from deployments") == 1);
    CHECK(stage.database.number("select count(*) from attempts") == 1);
}

TEST_CASE("lines whose commit got no answer are appended once")
{
    Stage stage;
    Line line{stage};
    const auto lease = stage.accept_and_claim("d1");
    SECTION("committed")
    {
        line.lose_next_commit();
    }
    SECTION("not committed")
    {
        line.network.proxy.lose_answer_to("insert into deployment_log");
    }

    REQUIRE(line.work.append_log(lease, {{.text = "a"}, {.text = "b"}}).has_value());

    CHECK(line.network.proxy.lost_an_answer());
    CHECK(
        stage.database.text("select string_agg(seq || line, ' ' order by seq) "
                            "from deployment_log") == "1a 2b"
    );
}

TEST_CASE("a step whose beginning got no answer begins once")
{
    Stage stage;
    Line line{stage};
    const auto lease = stage.accept_and_claim("d1");
    line.lose_next_commit();

    REQUIRE(line.work.begin_step(lease, StepName::build, "Building").has_value());

    CHECK(line.network.proxy.lost_an_answer());
    CHECK(stage.database.number("select count(*) from deployment_log") == 1);
}

TEST_CASE("an ending whose commit got no answer happens once")
{
    Stage stage;
    Line line{stage};
    const auto lease = stage.accept_and_claim("d1");
    const Failure failure{.failure_class = FailureClass::exhausted, .code = "c", .message = "m"};
    line.lose_next_commit();

    SECTION("completed")
    {
        CHECK(line.work.complete(lease, {}).has_value());
        CHECK(stage.status("d1") == "completed");
    }
    SECTION("failed")
    {
        CHECK(line.work.fail(lease, failure, StepName::sync, {}).has_value());
        CHECK(stage.database.number("select count(*) from dead_letters") == 1);
    }
    SECTION("retried")
    {
        CHECK(line.work.retry_later(lease, failure, StepName::sync, {}).has_value());
        CHECK(stage.database.number("select retry_count from deployments") == 1);
    }
    SECTION("handed back")
    {
        CHECK(line.work.hand_back(lease).has_value());
        CHECK(stage.database.number("select attempt from deployments") == 0);
    }
    CHECK(line.network.proxy.lost_an_answer());
}

TEST_CASE("quota whose commit got no answer is taken once")
{
    Stage stage;
    Line line{stage};
    const auto lease = stage.accept_and_claim("d1");
    line.lose_next_commit();

    CHECK(line.projects.take_quota(lease).value().taken);

    CHECK(line.network.proxy.lost_an_answer());
    CHECK(stage.database.number("select used from plan_allowances") == 1);
}

TEST_CASE("a switch whose commit got no answer flips again and stays live")
{
    Stage stage;
    Line line{stage};
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);
    line.lose_next_commit();
    int flips = 0;

    const auto verdict =
        line.releases.switch_live(lease, {}, [&flips](const std::vector<std::string>&) {
            ++flips;
            return Result<void>{};
        });

    CHECK(line.network.proxy.lost_an_answer());
    CHECK(verdict.value() == SwitchVerdict::live);
    CHECK(flips == 2);
    CHECK(stage.database.number("select count(*) from releases") == 1);
}

TEST_CASE("a connection that the server ends within a transaction is replaced")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);
    int flips = 0;

    const auto verdict =
        stage.releases.switch_live(lease, {}, [&](const std::vector<std::string>&) {
            if (++flips == 1) {
                stage.database.end_connections();
            }
            return Result<void>{};
        });

    CHECK(verdict.value() == SwitchVerdict::live);
    CHECK(flips == 2);
}

}  // namespace
}  // namespace libra
