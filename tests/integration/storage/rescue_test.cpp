#include "stage.hpp"

#include <pqxx/connection>
#include <pqxx/transaction>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::Stage;

void make_due(const Stage& stage, const std::string& id, const std::string& ago)
{
    stage.database.run(
        "update deployments set due_at = now() - interval '" + ago + "' where id = '" + id + "'"
    );
}

TEST_CASE("a deployment whose worker died is announced")
{
    Stage stage;
    stage.accept_and_claim("d1");
    stage.lose_messages();
    CHECK(stage.rescue.announce_lost(true).value() == 0);
    stage.let_lease_expire("d1");

    CHECK(stage.rescue.announce_lost(false).value() == 1);

    CHECK(stage.announced() == "d1");
    CHECK(stage.rescue.announce_lost(false).value() == 0);
    CHECK(stage.claim("d1", "worker-2").attempt == 2);
}

TEST_CASE("a queued deployment whose message is gone is announced when the queue is empty")
{
    Stage stage;
    stage.accept("d1");
    stage.lose_messages();
    make_due(stage, "d1", "11 seconds");

    CHECK(stage.rescue.announce_lost(false).value() == 0);
    CHECK(stage.rescue.announce_lost(true).value() == 1);

    CHECK(stage.announced() == "d1");
}

TEST_CASE("a message that has just been sent is not taken for lost")
{
    Stage stage;
    stage.accept("d1");
    stage.lose_messages();

    CHECK(stage.rescue.announce_lost(true).value() == 0);
}

TEST_CASE("a message is gone when much later ones came out of the queue")
{
    Stage stage;
    stage.accept("d1");
    stage.accept_elsewhere("d2");
    stage.lose_messages();
    make_due(stage, "d1", "31 seconds");
    stage.claim("d2");

    CHECK(stage.rescue.announce_lost(false).value() == 1);

    CHECK(stage.announced() == "d1");
}

TEST_CASE("a retry whose outbox row is missing is announced when it is due")
{
    using namespace std::chrono_literals;
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    const Failure failure{.message = "It broke."};
    REQUIRE(stage.work.retry_later(lease, failure, StepName::sync, 60s).has_value());
    CHECK(stage.rescue.announce_lost(true).value() == 0);
    stage.lose_messages();
    CHECK(stage.rescue.announce_lost(true).value() == 0);

    make_due(stage, "d1", "11 seconds");

    CHECK(stage.rescue.announce_lost(true).value() == 1);
}

TEST_CASE("deployments that wait for their project or for a slot have no message to lose")
{
    Stage stage;
    stage.accept_and_claim("d1");
    stage.accept("d2", OnConflict::queue);
    stage.accept_elsewhere("d3");
    stage.database.run("update deployments set parked = true where id = 'd3'");
    stage.lose_messages();
    make_due(stage, "d2", "1 hour");
    make_due(stage, "d3", "1 hour");

    CHECK(stage.rescue.announce_lost(true).value() == 0);
}

/// What `restore_sites` asked for: `label release`.
struct Restored {
    std::vector<std::string> sites{};
    std::int64_t ticket{};  // of the last one
    Result<void> answer{};

    Result<void> operator()(const LiveSite& site)
    {
        ticket = site.ticket;
        sites.push_back(site.site_label + ' ' + site.release_name.value_or("-"));
        return answer;
    }
};

Result<int> restore(Stage& stage, Restored& restored)
{
    return stage.rescue.restore_sites([&](const LiveSite& site) { return restored(site); });
}

TEST_CASE("a switch that nobody finished is taken back to what is live")
{
    Stage stage;
    const auto first = stage.accept_and_claim("d1");
    stage.go_live(first);
    REQUIRE(stage.work.complete(first, {}).has_value());
    const auto second = stage.accept_and_claim("d2");
    stage.uploaded(second);
    Restored restored;

    CHECK(restore(stage, restored).value() == 0);
    REQUIRE(stage.work.cancel(second, StepName::deploy).has_value());
    CHECK(restore(stage, restored).value() == 1);
    CHECK(restore(stage, restored).value() == 0);

    CHECK(restored.sites == std::vector<std::string>{"project-1 d1-1"});
}

TEST_CASE("a switch that is taken back has a later ticket than the one that nobody finished")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    const UploadedArtifact artifact = stage.uploaded(lease);
    const std::int64_t begun = stage.releases.record_upload(lease, artifact, std::nullopt).value();
    REQUIRE(stage.work.cancel(lease, StepName::deploy).has_value());
    Restored restored;

    REQUIRE(restore(stage, restored).value() == 1);
    const auto next = stage.accept_and_claim("d2");

    CHECK(restored.ticket > begun);
    CHECK(stage.releases.record_upload(next, artifact, std::nullopt).value() > restored.ticket);
}

TEST_CASE("a switch is taken back though the project's next deployment runs already")
{
    Stage stage;
    const auto first = stage.accept_and_claim("d1");
    stage.uploaded(first);
    stage.accept("d2", OnConflict::queue);
    REQUIRE(stage.work.fail(first, {}, StepName::deploy, {}).has_value());
    const auto second = stage.claim("d2").lease;
    Restored restored;

    CHECK(restore(stage, restored).value() == 1);
    stage.uploaded(second);
    CHECK(restore(stage, restored).value() == 0);
}

/// Of the deployment: status, and whether its cancellation was requested.
std::string state_of(Stage& stage, const std::string& id)
{
    return stage.database.text(
        "select status || case when cancel_requested then ' cancelling' else '' end "
        "from deployments where id = '" +
        id + "'"
    );
}

ClaimRefusal refusal(Stage& stage, const std::string& id)
{
    return std::get<ClaimRefusal>(stage.work.claim(id, "worker-2").value());
}

TEST_CASE("a deployment that may be seen already is cancelled when its site is restored, not before"
)
{
    Stage stage;
    const auto first = stage.accept_and_claim("d1");
    stage.uploaded(first);
    stage.accept("d2", OnConflict::supersede);
    Restored restored{.answer = Error{Errc::unavailable, "the disk is full"}};

    REQUIRE(stage.work.cancel(first, StepName::deploy).has_value());
    CHECK(refusal(stage, "d1") == ClaimRefusal::cancelled);
    CHECK(restore(stage, restored).has_error());
    CHECK(state_of(stage, "d1") == "in_progress cancelling");
    CHECK(refusal(stage, "d2") == ClaimRefusal::held);
    restored.answer = {};
    CHECK(restore(stage, restored).value() == 1);

    CHECK(state_of(stage, "d1") == "cancelled cancelling");
    CHECK(
        stage.database.text("select error_code from deployments where id = 'd1'") == "superseded"
    );
    stage.claim("d2");
}

TEST_CASE(
    "a deployment that waits for its retry after a flip is cancelled when its site is restored"
)
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);
    REQUIRE(stage.work.retry_later(lease, {}, StepName::deploy, 1h).has_value());
    Restored restored;

    CHECK(restore(stage, restored).value() == 0);
    CHECK(stage.cancel("d1") == CancelVerdict::cancelling);
    CHECK(state_of(stage, "d1") == "queued cancelling");
    CHECK(restore(stage, restored).value() == 1);

    CHECK(state_of(stage, "d1") == "cancelled cancelling");
    CHECK(stage.cancel("d1") == CancelVerdict::cancelled);
}

TEST_CASE("a site whose project is locked is left to the next call")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);
    REQUIRE(stage.work.cancel(lease, StepName::deploy).has_value());
    Restored restored;

    {
        pqxx::connection other{stage.database.url()};
        pqxx::work switching{other};
        switching.exec("select from projects for no key update");
        CHECK(restore(stage, restored).value() == 0);
    }
    CHECK(restore(stage, restored).value() == 1);
}

TEST_CASE("a project of which nothing is live serves nothing after a switch that failed")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);
    REQUIRE(stage.work.cancel(lease, StepName::deploy).has_value());
    Restored restored;

    CHECK(restore(stage, restored).value() == 1);

    CHECK(restored.sites == std::vector<std::string>{"project-1 -"});
}

TEST_CASE("a site that could not be restored is tried again")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    stage.uploaded(lease);
    REQUIRE(stage.work.cancel(lease, StepName::deploy).has_value());
    Restored restored{.answer = Error{Errc::unavailable, "the disk is full"}};

    CHECK(restore(stage, restored).error().code == Errc::unavailable);
    restored.answer = {};
    CHECK(restore(stage, restored).value() == 1);
}

}  // namespace
}  // namespace libra
