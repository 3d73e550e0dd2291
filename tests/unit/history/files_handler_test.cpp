#include "api-gateway/history/files_handler.hpp"

#include "shared/wire/site_manifest.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_history_store.hpp"
#include "tests/support/memory_object_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;

SiteManifest numbered(int files)
{
    SiteManifest manifest;
    for (int i = 0; i < files; ++i) {
        manifest.push_back({.path = "f" + std::to_string(1000 + i), .digest = sha256("x")});
    }
    return manifest;
}

struct Fixture {
    Fixture() { admissions.principal = Principal{.user_id = "u-1", .scopes = {"read"}}; }

    void publish(const SiteManifest& manifest)
    {
        history.deployment->artifact = ArtifactRecord{
            .digest = "ab",
            .files = static_cast<std::int64_t>(manifest.size()),
            .manifest = objects.put(encode_site_manifest(manifest)).value()};
    }

    HttpResponse files(std::vector<QueryParameter> query = {})
    {
        HttpRequest request;
        request.path = "/deployments/d-1/files";
        request.headers = {{"Authorization", "Bearer tok-1"}};
        request.query = std::move(query);
        return FilesHandler{{admissions, history, clock}, objects, log.log()}.handle(request);
    }

    testing::FakeAdmissionStore admissions;
    testing::FakeHistoryStore history;
    testing::MemoryObjectStore objects;
    testing::FakeClock clock;
    testing::RecordingLog log;
};

TEST_CASE_METHOD(Fixture, "what a deployment has published is listed with sizes, types and digests")
{
    publish({{.path = "index.html", .bytes = 5, .content_type = "text/html", .digest = sha256("x")}}
    );

    const HttpResponse answer = files();

    CHECK(answer.status == 200);
    CHECK_THAT(
        answer.body,
        Contains(
            R"("files":[{"path":"index.html","bytes":5,"contentType":"text/html","sha256":")" +
            sha256("x").hex() + R"("}])"
        )
    );
    CHECK_THAT(answer.body, Contains(R"("artifact":{"digest":"ab","files":1,)"));
    CHECK_THAT(answer.body, !Contains("nextCursor"));
}

TEST_CASE_METHOD(Fixture, "the pages of a long list join without a gap")
{
    publish(numbered(401));

    CHECK_THAT(files().body, Contains(R"("nextCursor":"f1199")"));
    const HttpResponse second = files({{"cursor", "f1199"}});
    CHECK_THAT(second.body, Contains(R"("files":[{"path":"f1200")"));
    CHECK_THAT(second.body, Contains(R"("nextCursor":"f1399")"));
    const HttpResponse last = files({{"cursor", "f1399"}, {"limit", "2"}});
    CHECK_THAT(last.body, Contains("f1400") && !Contains("nextCursor"));
    CHECK_THAT(files({{"cursor", "g"}}).body, Contains(R"("files":[])"));
}

TEST_CASE_METHOD(Fixture, "a deployment without a list says so")
{
    const HttpResponse nothing = files();
    history.deployment->artifact = ArtifactRecord{.digest = "ab"};
    const HttpResponse of_before = files();

    for (const HttpResponse& answer : {nothing, of_before}) {
        CHECK(answer.status == 404);
        CHECK_THAT(answer.body, Contains("files_not_listed"));
    }
}

TEST_CASE_METHOD(Fixture, "bad parameters, other people's deployments and lost lists are refused")
{
    CHECK(files({{"limit", "201"}}).status == 400);
    CHECK(files({{"cursor", ""}}).status == 400);

    publish(numbered(1));
    history.deployment->artifact->manifest = sha256("never stored");
    CHECK(files().status == 404);

    history.deployment = Error{Errc::not_found, ""};
    CHECK_THAT(files().body, Contains("deployment_not_found"));
}

}  // namespace
}  // namespace libra
