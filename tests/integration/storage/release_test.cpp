#include "stage.hpp"

#include <future>

namespace libra {
namespace {

using testing::Stage;

using Domains = std::vector<std::string>;

const ReleaseUrls k_urls{.url = "https://a.test/", .preview_url = "https://p.test/"};

Result<void> flipped(const Domains&)
{
    return {};
}

TEST_CASE("switching makes the uploaded release the live one of its project")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);

    const auto verdict = stage.releases.switch_live(lease, k_urls, flipped);

    CHECK(verdict.value() == SwitchVerdict::live);
    CHECK(
        stage.database.text("select concat_ws(' ', live_deployment, live_generation, "
                            "switching is null) from projects") == "d1 1 t"
    );
    CHECK(
        stage.database.text("select concat_ws('|', r.name, r.files, r.bytes, "
                            "r.artifact = d.artifact, d.url, d.preview_url) "
                            "from releases r join deployments d on d.id = r.deployment_id"
        ) == "d1-1|3|300|t|https://a.test/|https://p.test/"
    );
}

TEST_CASE("switching twice flips twice and records once")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);
    int flips = 0;
    const auto count = [&flips](const Domains&) {
        ++flips;
        return Result<void>{};
    };

    CHECK(stage.releases.switch_live(lease, k_urls, count).value() == SwitchVerdict::live);
    CHECK(stage.releases.switch_live(lease, k_urls, count).value() == SwitchVerdict::live);

    CHECK(flips == 2);
    CHECK(stage.database.number("select count(*) from releases") == 1);
}

TEST_CASE("the flip is told every custom domain of the project")
{
    Stage stage;
    stage.database.run("insert into domains (hostname, project_id) values "
                       "('b.example', 'project-1'), ('a.example', 'project-1')");
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);
    Domains told;

    const auto verdict = stage.releases.switch_live(lease, k_urls, [&](const Domains& domains) {
        told = domains;
        return Result<void>{};
    });

    CHECK(verdict.value() == SwitchVerdict::live);
    CHECK(told == Domains{"a.example", "b.example"});
}

TEST_CASE("a newer live generation stays, and nothing is flipped")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);
    stage.database.run("update projects set live_generation = 9, live_deployment = 'd9'");
    bool did_flip = false;

    const auto verdict = stage.releases.switch_live(lease, k_urls, [&did_flip](const Domains&) {
        did_flip = true;
        return Result<void>{};
    });

    CHECK(verdict.value() == SwitchVerdict::superseded);
    CHECK_FALSE(did_flip);
    CHECK(stage.database.text("select live_deployment from projects") == "d9");
}

TEST_CASE("a target that has seen a later ticket is told of, and a fresh one is higher")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    const UploadedArtifact artifact = stage.uploaded(lease);
    const std::int64_t ticket = stage.releases.record_upload(lease, artifact, std::nullopt).value();

    const auto verdict = stage.releases.switch_live(lease, k_urls, [](const Domains&) {
        return Result<void>{Error{Errc::conflict, "was switched by ticket 2 already"}};
    });

    CHECK(verdict.error().code == Errc::conflict);
    CHECK(stage.database.number("select live_generation from projects") == 0);
    CHECK(stage.releases.record_upload(lease, artifact, std::nullopt).value() > ticket);
}

TEST_CASE("a flip that fails leaves everything as it was")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);

    const auto verdict = stage.releases.switch_live(lease, k_urls, [](const Domains&) {
        return Result<void>{Error{Errc::rejected, "the disk is full"}};
    });

    REQUIRE(verdict.has_error());
    CHECK(verdict.error().code == Errc::rejected);
    CHECK(stage.database.number("select live_generation from projects") == 0);
    CHECK(stage.database.number("select count(*) from releases") == 0);
}

TEST_CASE("a deployment whose cancellation was requested does not go live")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);
    REQUIRE(stage.cancel("d1") == CancelVerdict::cancelling);
    bool did_flip = false;

    const auto verdict = stage.releases.switch_live(lease, k_urls, [&did_flip](const Domains&) {
        did_flip = true;
        return Result<void>{};
    });

    REQUIRE(verdict.has_error());
    CHECK(verdict.error().code == Errc::cancelled);
    CHECK_FALSE(did_flip);
}

TEST_CASE("the next claim learns what was uploaded, and the steps before it stay done")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    for (const StepName step : k_steps) {
        REQUIRE(stage.work.begin_step(lease, step, "milestone").has_value());
        REQUIRE(stage.work.end_step(lease, step, std::nullopt).has_value());
    }
    REQUIRE(stage.projects.set_source(lease, sha256("source")).has_value());
    const UploadedArtifact artifact = stage.uploaded(lease);
    stage.let_lease_expire("d1");

    const auto claimed = stage.claim("d1", "worker-2");

    CHECK(claimed.uploaded == artifact);
    CHECK(claimed.source == sha256("source"));
    CHECK(
        stage.database.text("select string_agg(step, ' ' order by step) from deployment_steps") ==
        "build sandbox sync validate"
    );
}

TEST_CASE("nobody claims a deployment while its release is being flipped")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);
    stage.let_lease_expire("d1");
    PgPool other_pool{stage.database.settings(), stage.clock};
    PgWorkStore other{other_pool, {}};
    std::future<Result<ClaimAnswer>> claim;

    const auto verdict = stage.releases.switch_live(lease, k_urls, [&](const Domains&) {
        claim = std::async(std::launch::async, [&other] { return other.claim("d1", "worker-2"); });
        // It waits for the row that the switch has locked.
        while (stage.database.number("select count(*) from pg_stat_activity where "
                                     "datname = current_database() and wait_event_type = 'Lock'"
               ) == 0) {
        }
        return Result<void>{};
    });

    CHECK(verdict.value() == SwitchVerdict::live);
    CHECK(std::holds_alternative<ClaimedDeployment>(claim.get().value()));
}

}  // namespace
}  // namespace libra
