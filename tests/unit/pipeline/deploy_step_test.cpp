#include "deploy-worker/pipeline/steps/deploy_step.hpp"

#include "shared/wire/site_manifest.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_release_store.hpp"
#include "tests/support/memory_object_store.hpp"
#include "tests/support/recording_lines.hpp"
#include "tests/support/recording_target.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Calls = std::vector<std::string>;

const Error k_away{Errc::unavailable, "away"};

struct Fixture {
    testing::FakeClock clock;
    testing::RecordingTarget target;
    testing::FakeReleaseStore releases;
    testing::MemoryObjectStore objects;
    testing::RecordingLines lines;
    Job job{
        .claim = {.lease = {.deployment_id = "d1", .fence = 4}, .site_label = "shop"},
        .artifact = Artifact{
            .directory = "/site",
            .digest = sha256("x"),
            .manifest = {{.path = "a.js", .bytes = 7}, {.path = "index.html", .bytes = 2}},
            .bytes = 9,
            .compressed = {{.path = "a.js.br", .source = "/br", .form = "br1"}}}};
    StepControl control{
        .output = lines,
        .commands = lines,
        .clock = clock,
        .deadline = Instant{std::chrono::hours{1}}};

    Outcome<void> run() { return DeployStep{target, releases, objects}.run(job, control); }
};

TEST_CASE("deploy uploads, records, verifies and switches, in this order")
{
    Fixture fixture;
    fixture.releases.domains = {"shop.example.com"};
    const SiteManifest manifest = fixture.job.artifact->manifest;

    REQUIRE(fixture.run().has_value());

    CHECK(
        fixture.target.calls ==
        Calls{"upload d1-4", "verify d1-4", "switch shop 31 d1-4 shop.example.com"}
    );
    CHECK(
        fixture.releases.recorded ==
        std::vector<UploadedArtifact>{
            {.release_name = "d1-4",
             .digest = sha256("x"),
             .files = 2,
             .bytes = 9,
             .manifest = sha256(encode_site_manifest(manifest))}}
    );
    CHECK(fixture.objects.get(sha256(encode_site_manifest(manifest))).has_value());
    CHECK(fixture.target.uploaded_paths == Calls{"a.js", "index.html", "a.js.br"});
    CHECK(fixture.job.address->url == "http://site.example/");
}

TEST_CASE("deploy goes on from what an earlier attempt uploaded")
{
    Fixture fixture;
    const UploadedArtifact before{.release_name = "d1-2", .digest = sha256("y"), .files = 1};
    fixture.job.uploaded = before;
    fixture.job.artifact.reset();

    REQUIRE(fixture.run().has_value());

    CHECK(fixture.target.calls == Calls{"upload d1-2", "verify d1-2", "switch shop 31 d1-2"});
    CHECK(fixture.releases.recorded == std::vector<UploadedArtifact>{before});
}

TEST_CASE("deploy waits out a short outage while it switches")
{
    Fixture fixture;
    fixture.releases.switch_answers = {k_away, k_away};
    fixture.target.switch_answers = {k_away};

    CHECK(fixture.run().has_value());
    CHECK(fixture.clock.now() == Instant{std::chrono::seconds{3}});
}

TEST_CASE("deploy ends the wait for a switch after a minute, or when it is stopped")
{
    Fixture fixture;
    fixture.releases.switch_answers.insert(fixture.releases.switch_answers.end(), 100, k_away);

    SECTION("after a minute")
    {
        CHECK(fixture.run().error().failure_class == FailureClass::transient);
        CHECK(fixture.clock.now() <= Instant{std::chrono::minutes{1}});
        CHECK(fixture.clock.now() > Instant{std::chrono::seconds{50}});
    }
    SECTION("when it is stopped")
    {
        std::stop_source stop;
        stop.request_stop();
        fixture.control.stop = stop.get_token();
        CHECK(fixture.run().has_error());
        CHECK(fixture.clock.now() == Instant{});
    }
}

TEST_CASE("deploy says which of its parts failed, and does nothing after it")
{
    Fixture fixture;
    std::string part;
    SECTION("the upload")
    {
        fixture.target.upload_answer = k_away;
        part = "upload";
    }
    SECTION("the recording")
    {
        fixture.releases.record_answer = k_away;
        part = "recording";
    }
    SECTION("the check")
    {
        fixture.target.verify_answer = Error{Errc::timed_out, "502"};
        part = "check";
    }
    SECTION("the switch")
    {
        fixture.releases.switch_answers = {Error{Errc::cancelled, "cancelled"}};
        part = "switch";
    }

    const Outcome<void> outcome = fixture.run();

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().failure_class == FailureClass::transient);
    CHECK_THAT(outcome.error().message, Catch::Contains(part));
    CHECK(std::none_of(
        fixture.target.calls.begin(),
        fixture.target.calls.end(),
        [](const std::string& call) { return call.starts_with("switch"); }
    ));
}

TEST_CASE("a deployment that a newer one overtook is superseded")
{
    Fixture fixture;
    fixture.releases.switch_answers = {SwitchVerdict::superseded};

    const Outcome<void> outcome = fixture.run();

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().failure_class == FailureClass::user);
    CHECK(outcome.error().code == "superseded");
}

TEST_CASE("a custom domain that another project had until now takes a fresh ticket")
{
    Fixture fixture;
    fixture.target.switch_answers = {Error{Errc::conflict, "ticket 40 was here"}};

    REQUIRE(fixture.run().has_value());

    CHECK(fixture.releases.recorded.size() == 2);
    CHECK(fixture.target.calls.back() == "switch shop 31 d1-4");
}

TEST_CASE("who lost the lease gets no fresh ticket")
{
    Fixture fixture;
    fixture.target.switch_answers = {Error{Errc::conflict, "ticket 40 was here"}};
    fixture.releases.later_record_answer = Error{Errc::fenced, "fence 2"};

    CHECK(fixture.run().error().failure_class == FailureClass::transient);
    CHECK(
        std::count_if(
            fixture.target.calls.begin(),
            fixture.target.calls.end(),
            [](const std::string& call) { return call.starts_with("switch"); }
        ) == 1
    );
}

}  // namespace
}  // namespace libra
