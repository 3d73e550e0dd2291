#include "stage.hpp"

#include <future>

namespace libra {
namespace {

using testing::Stage;

const NewRelease k_release{.artifact = sha256("site"), .files = 3, .bytes = 300};

Result<void> flipped()
{
    return {};
}

TEST_CASE("switching makes the release the live one of its project")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    const auto verdict = stage.releases.switch_live(lease, k_release, flipped);

    CHECK(verdict.value() == SwitchVerdict::live);
    CHECK(
        stage.database.text("select live_deployment || ' ' || live_generation from projects") ==
        "d1 1"
    );
    CHECK(
        stage.database.text("select concat_ws('|', r.files, r.bytes, r.artifact = d.artifact) "
                            "from releases r join deployments d on d.id = r.deployment_id"
        ) == "3|300|t"
    );
}

TEST_CASE("switching twice flips twice and records once")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    int flips = 0;
    const auto count = [&flips] {
        ++flips;
        return Result<void>{};
    };

    CHECK(stage.releases.switch_live(lease, k_release, count).value() == SwitchVerdict::live);
    CHECK(stage.releases.switch_live(lease, k_release, count).value() == SwitchVerdict::live);

    CHECK(flips == 2);
    CHECK(stage.database.number("select count(*) from releases") == 1);
}

TEST_CASE("a newer live generation stays, and nothing is flipped")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.database.run("update projects set live_generation = 9, live_deployment = 'd9'");
    bool did_flip = false;

    const auto verdict = stage.releases.switch_live(lease, k_release, [&did_flip] {
        did_flip = true;
        return Result<void>{};
    });

    CHECK(verdict.value() == SwitchVerdict::superseded);
    CHECK_FALSE(did_flip);
    CHECK(stage.database.text("select live_deployment from projects") == "d9");
}

TEST_CASE("a flip that fails leaves everything as it was")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");

    const auto verdict = stage.releases.switch_live(lease, k_release, [] {
        return Result<void>{Error{Errc::rejected, "the disk is full"}};
    });

    REQUIRE(verdict.has_error());
    CHECK(verdict.error().code == Errc::rejected);
    CHECK(stage.database.number("select live_generation from projects") == 0);
    CHECK(stage.database.number("select count(*) from releases") == 0);
}

TEST_CASE("nobody claims a deployment while its release is being flipped")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.let_lease_expire("d1");
    PgPool other_pool{stage.database.settings(), stage.clock};
    PgWorkStore other{other_pool, {}};
    std::future<Result<ClaimAnswer>> claim;

    const auto verdict = stage.releases.switch_live(lease, k_release, [&] {
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
