#include "api-gateway/files/file_probe_handler.hpp"
#include "api-gateway/files/file_upload_handler.hpp"
#include "api-gateway/files/missing_files_handler.hpp"
#include "tests/support/failing_object_store.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_upload_store.hpp"
#include "tests/support/memory_object_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using namespace std::string_literals;
using Catch::Matchers::Contains;

const std::string k_bytes = "\x89PNG\0\xff"s;
const Digest k_digest = sha256(k_bytes);
const Digest k_other = sha256("other");

struct Fixture {
    Fixture() { admissions.principal = Principal{.user_id = "u-1", .scopes = {"deploy"}}; }

    FileHandler::Parts parts(ObjectStore& store)
    {
        return {
            .admissions = admissions,
            .files = files,
            .objects = store,
            .clock = clock,
            .file_bytes = 10,
            .most_files = 3};
    }

    static HttpRequest to(const std::string& path, std::string_view body)
    {
        HttpRequest request;
        request.path = path;
        request.query = {{"orgId", "o-1"}};
        request.headers = {{"Authorization", "Bearer tok-1"}};
        request.body = body;
        return request;
    }

    HttpResponse upload(
        std::string_view body = k_bytes,
        const std::string& digest = k_digest.hex(),
        std::vector<QueryParameter> query = {{"orgId", "o-1"}}
    )
    {
        HttpRequest request = to("/files/" + digest, body);
        request.query = std::move(query);
        return FileUploadHandler{parts(objects), log.log()}.handle(request);
    }

    HttpResponse upload_to(ObjectStore& store)
    {
        return FileUploadHandler{parts(store), log.log()}.handle(
            to("/files/" + k_digest.hex(), k_bytes)
        );
    }

    HttpResponse probe(const std::string& digest = k_digest.hex())
    {
        return FileProbeHandler{parts(objects), log.log()}.handle(to("/files/" + digest, ""));
    }

    HttpResponse missing(const std::string& digests)
    {
        const std::string body = R"({"orgId":"o-1","sha256":[)" + digests + "]}";
        return missing_of(body);
    }

    HttpResponse missing_of(const std::string& body)
    {
        return MissingFilesHandler{parts(objects), log.log()}.handle(to("/files/missing", body));
    }

    testing::FakeAdmissionStore admissions;
    testing::FakeUploadStore files;
    testing::MemoryObjectStore objects;
    testing::FakeClock clock;
    testing::RecordingLog log;
};

std::string quoted(const Digest& digest)
{
    return '"' + digest.hex() + '"';
}

TEST_CASE_METHOD(
    Fixture,
    "an uploaded file is stored, whatever its bytes, and is the organisation's"
)
{
    const HttpResponse response = upload();

    CHECK(response.status == 201);
    CHECK(
        response.body == R"({"success":true,"sha256":)" + quoted(k_digest) +
                             R"(,"size":6,"timestamp":"1970-01-01T00:00:00.000Z"})"
    );
    CHECK(objects.get(k_digest).value() == k_bytes);
    CHECK(files.files["o-1"].at(k_digest) == k_bytes.size());
    CHECK(files.uploaded_by == "u-1");
}

TEST_CASE_METHOD(Fixture, "a file uploaded again is no new one")
{
    upload();

    CHECK(upload().status == 200);
}

TEST_CASE_METHOD(Fixture, "an empty file is a file")
{
    CHECK(upload("", sha256("").hex()).status == 201);
}

TEST_CASE_METHOD(Fixture, "what is not what its digest says is not stored")
{
    const HttpResponse response = upload("changed");

    CHECK(response.status == 422);
    CHECK_THAT(response.body, Contains("\"digest_mismatch\""));
    CHECK(objects.get(sha256("changed")).has_error());
    CHECK(files.files.empty());
}

TEST_CASE_METHOD(Fixture, "a file over the limit is not stored, one at the limit is")
{
    const std::string most(10, 'x');
    const std::string more(11, 'x');

    const HttpResponse response = upload(more, sha256(more).hex());

    CHECK(response.status == 413);
    CHECK_THAT(response.body, Contains("\"file_too_large\""));
    CHECK(objects.get(sha256(more)).has_error());
    CHECK(upload(most, sha256(most).hex()).status == 201);
}

TEST_CASE_METHOD(Fixture, "an address that is none is refused before anything is asked")
{
    const std::string digest = GENERATE(std::string{"abc"}, std::string(64, 'A'), std::string{});

    for (const HttpResponse& response : {upload(k_bytes, digest), probe(digest)}) {
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("\"invalid_digest\""));
    }
}

TEST_CASE_METHOD(Fixture, "the organisation must be named, and nothing else")
{
    const HttpResponse none = upload(k_bytes, k_digest.hex(), {});
    const HttpResponse bad = upload(k_bytes, k_digest.hex(), {{"orgId", "a b"}, {"x", "1"}});

    CHECK(none.status == 400);
    CHECK_THAT(none.body, Contains(R"({"pointer":"/query/orgId","reason":"is required"})"));
    CHECK(bad.status == 400);
    CHECK_THAT(bad.body, Contains("/query/orgId") && Contains("/query/x"));
}

TEST_CASE_METHOD(Fixture, "nobody but those who may deploy uploads")
{
    SECTION("a stranger to the organisation, or to all of them")
    {
        files.granted = UploadAccess::none;
        CHECK(upload().status == 403);
        CHECK_THAT(upload().body, Contains("\"not_a_member\""));
    }
    SECTION("a viewer")
    {
        files.granted = UploadAccess::look;
        CHECK(upload().status == 403);
        CHECK_THAT(upload().body, Contains("\"role_may_not_deploy\""));
    }
    SECTION("a token that may only read")
    {
        admissions.principal = Principal{.user_id = "u-1", .scopes = {"read"}};
        CHECK(upload().status == 403);
        CHECK_THAT(upload().body, Contains("\"missing_scope\""));
    }
    CHECK(files.files.empty());
    CHECK(objects.get(k_digest).has_error());
}

TEST_CASE_METHOD(Fixture, "a file that was uploaded is found, any other is not")
{
    upload();

    CHECK(probe().status == 200);
    CHECK(probe(k_other.hex()).status == 404);
}

TEST_CASE_METHOD(Fixture, "to a stranger no file is there")
{
    upload();
    files.granted = UploadAccess::none;

    CHECK(probe().status == 404);
    CHECK(missing(quoted(k_digest)).status == 403);
}

TEST_CASE_METHOD(Fixture, "who may look and not upload may ask")
{
    upload();
    admissions.principal = Principal{.user_id = "u-2", .scopes = {"read"}};
    files.granted = UploadAccess::look;

    CHECK(probe().status == 200);
    CHECK(missing(quoted(k_digest)).status == 200);
}

TEST_CASE_METHOD(Fixture, "what is missing is named once, in the order of the request")
{
    upload();
    const Digest third = sha256("third");
    const std::string asked = quoted(third) + "," + quoted(k_digest) + "," + quoted(third);

    const HttpResponse response = missing(asked);

    CHECK(response.status == 200);
    CHECK_THAT(response.body, Contains(R"({"missing":[)" + quoted(third) + "],"));
}

TEST_CASE_METHOD(Fixture, "what is asked in a wrong form is refused")
{
    CHECK(missing_of("{").status == 400);
    CHECK_THAT(missing_of("{").body, Contains("\"invalid_json\""));
    CHECK_THAT(missing_of("{}").body, Contains("/orgId") && Contains("/sha256"));
    const std::string four =
        quoted(k_digest) + "," + quoted(k_digest) + "," + quoted(k_digest) + "," + quoted(k_digest);
    CHECK(missing(four).status == 400);
    CHECK_THAT(missing(four).body, Contains("must have at most 3 items"));
}

TEST_CASE_METHOD(Fixture, "a dependency that is away is a reason to try later")
{
    SECTION("the database, from the beginning")
    {
        files.granted = Error{Errc::unavailable, "away"};
        CHECK(missing(quoted(k_digest)).status == 503);
    }
    SECTION("the database, from then on")
    {
        files.trouble = Error{Errc::unavailable, "away"};
        CHECK(missing(quoted(k_digest)).status == 503);
    }
    CHECK(upload().status == 503);
    CHECK(probe().status == 503);
}

TEST_CASE_METHOD(Fixture, "a file that could not be stored is not the organisation's")
{
    testing::FailingObjectStore full;

    const HttpResponse response = upload_to(full);

    CHECK(response.status == 503);
    CHECK_THAT(response.body, !Contains("/secret/path"));
    CHECK(files.files.empty());
}

}  // namespace
}  // namespace libra
