#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

const Digest k_key = sha256("key");

/// A deployment with that key that went live and was completed.
void build(Stage& stage, const std::string& id, const Digest& key = k_key)
{
    const Lease lease = stage.accept_and_claim(id);
    REQUIRE(stage.projects.note_build(lease, key).has_value());
    stage.go_live(lease);
    REQUIRE(stage.work
                .complete(
                    lease,
                    {.url = "https://a.test/",
                     .statistics_json = R"({"stepMilliseconds":{"sandbox":200,"build":9000}})"}
                )
                .has_value());
}

TEST_CASE("a release that was built from the same is found, with what it took")
{
    Stage stage;
    build(stage, "d1");
    build(stage, "d2", sha256("other"));
    const Lease lease = stage.accept_and_claim("d3");

    const auto found = stage.projects.note_build(lease, k_key);

    REQUIRE(found.value().has_value());
    CHECK((*found)->deployment_id == "d1");
    CHECK((*found)->artifact.release_name == "d1-1");
    CHECK((*found)->artifact.digest == sha256("site"));
    CHECK((*found)->artifact.files == 3);
    CHECK((*found)->artifact.bytes == 300);
    CHECK((*found)->took == std::chrono::milliseconds{9200});
}

TEST_CASE("of a release that stood for later builds the first is named, with what it took")
{
    Stage stage;
    build(stage, "d1");
    const Lease second = stage.accept_and_claim("d2");
    const auto reused = stage.projects.note_build(second, k_key).value();
    REQUIRE(stage.releases.record_upload(second, reused->artifact, std::nullopt).has_value());
    REQUIRE(stage.releases
                .switch_live(
                    second,
                    {.url = "https://a.test/"},
                    [](const std::vector<std::string>&) { return Result<void>{}; }
                )
                .has_value());
    REQUIRE(stage.work.complete(second, {.statistics_json = "{}"}).has_value());

    const auto found = stage.projects.note_build(stage.accept_and_claim("d3"), k_key);

    REQUIRE(found.value().has_value());
    CHECK((*found)->deployment_id == "d1");
    CHECK((*found)->took == std::chrono::milliseconds{9200});
}

TEST_CASE("what is not a release of the same project with the same key stands for nothing")
{
    Stage stage;
    SECTION("there is none") {}
    SECTION("it has another key")
    {
        build(stage, "d1", sha256("other"));
    }
    SECTION("it failed")
    {
        const Lease failed = stage.accept_and_claim("d1");
        REQUIRE(stage.projects.note_build(failed, k_key).has_value());
        REQUIRE(stage.work.fail(failed, {.failure_class = FailureClass::user}, StepName::build, {})
                    .has_value());
    }
    SECTION("it is of another project")
    {
        stage.accept_elsewhere("d1");
        const Lease other = stage.claim("d1").lease;
        REQUIRE(stage.projects.note_build(other, k_key).has_value());
        stage.go_live(other);
    }
    SECTION("it is this very deployment")
    {
        const Lease lease = stage.accept_and_claim("d1");
        REQUIRE(stage.projects.note_build(lease, k_key).has_value());
        stage.go_live(lease);
        CHECK_FALSE(stage.projects.note_build(lease, k_key).value().has_value());
        return;
    }

    const auto found = stage.projects.note_build(stage.accept_and_claim("d2"), k_key);

    CHECK_FALSE(found.value().has_value());
}

TEST_CASE("whoever lost the lease writes no key")
{
    Stage stage;
    Lease lease = stage.accept_and_claim("d1");
    lease.fence = 7;

    CHECK(stage.projects.note_build(lease, k_key).error().code == Errc::fenced);
    CHECK(
        stage.database.number("select count(*) from deployments where build_key is not null") == 0
    );
}

}  // namespace
}  // namespace libra
