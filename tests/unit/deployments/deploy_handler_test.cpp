#include "api-gateway/deployments/deploy_handler.hpp"

#include "tests/support/collected_spans.hpp"
#include "tests/support/failing_object_store.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/memory_object_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;

const std::string k_body = R"({"projectId":"p-1","orgId":"o-1","userId":"u-1",)"
                           R"("initFiles":[{"path":"index.html","content":"hi"}]})";

struct Fixture {
    HttpResponse
    post(std::string_view body, ObjectStore& store, const std::vector<HttpHeader>& more = {})
    {
        DeployHandler handler{
            {.admissions = admissions,
             .objects = store,
             .clock = clock,
             .random = random,
             .wake_relay = [this] { ++woken; },
             .limits = {},
             .storage_full = [this] { return storage_full; },
             .spans = collected},
            log.log()};
        HttpRequest request;
        request.method = "POST";
        request.path = "/deploy";
        request.headers = {{"Authorization", "Bearer tok-1"}};
        request.headers.insert(request.headers.end(), more.begin(), more.end());
        request.body = body;
        request.request_id = "req-1";
        request.trace.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
        return handler.handle(request);
    }

    HttpResponse post(std::string_view body) { return post(body, objects); }

    testing::FakeAdmissionStore admissions;
    testing::MemoryObjectStore objects;
    testing::CollectedSpans collected;
    testing::FakeClock clock;
    testing::FakeRandom random;
    testing::RecordingLog log;
    int woken{0};
    bool storage_full{false};
};

TEST_CASE_METHOD(Fixture, "nothing is accepted or stored while the disks are almost full")
{
    storage_full = true;

    const HttpResponse response = post(k_body);

    CHECK(response.status == 503);
    CHECK_THAT(response.body, Contains("storage_full"));
    CHECK(response.header("Retry-After") == "30");
    CHECK(admissions.admitted.empty());
}

TEST_CASE_METHOD(Fixture, "an accepted deployment is answered with where to look for it")
{
    admissions.admission = Admission{
        .verdict = AdmissionVerdict::accepted, .accepted_at = UtcTime{std::chrono::seconds{1}}};

    const HttpResponse response = post(k_body);

    const std::string id(32, '8');  // FakeRandom: 0x80 repeated
    REQUIRE(admissions.admitted.size() == 1);
    const NewDeployment& deployment = admissions.admitted[0];
    CHECK(response.status == 202);
    CHECK(response.header("Location") == "/deploy-status?id=" + deployment.id);
    CHECK_THAT(response.body, Contains(deployment.id));
    CHECK_THAT(response.body, Contains("1970-01-01T00:00:01.000Z"));
    CHECK(deployment.id.size() == id.size());
    CHECK(deployment.project_id == "p-1");
    CHECK(deployment.org_id == "o-1");
    CHECK(deployment.user_id == "u-1");
    CHECK(deployment.request_id == "req-1");
    CHECK(deployment.trace.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736");
    CHECK_THAT(log.lines().at(0), Contains(R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")"));
    CHECK_THAT(deployment.params_json, Contains("index.html"));
    CHECK(admissions.admitted_for[0].digest == sha256("tok-1"));
    CHECK(woken == 1);
}

TEST_CASE_METHOD(Fixture, "what is accepted is told as a span, which its message names")
{
    post(k_body);

    REQUIRE(collected.spans.size() == 1);
    CHECK(collected.spans[0].context == admissions.admitted.at(0).trace);
    CHECK(collected.spans[0].kind == SpanKind::producer);
}

TEST_CASE_METHOD(Fixture, "what is not accepted, or was before, has no such span")
{
    admissions.admission = GENERATE(
        Admission{.verdict = AdmissionVerdict::deployment_in_progress},
        Admission{.verdict = AdmissionVerdict::accepted, .earlier_deployment = "d-1"}
    );

    post(k_body);

    CHECK(collected.spans.empty());
}

TEST_CASE_METHOD(Fixture, "a small request needs no more than one call of the store")
{
    post(k_body);

    CHECK(admissions.authenticated.empty());
    CHECK(admissions.admitted.size() == 1);
}

TEST_CASE_METHOD(Fixture, "every refusal has its status and code")
{
    struct Row {
        AdmissionVerdict verdict;
        int status;
        const char* code;
    };

    const Row row = GENERATE(
        Row{AdmissionVerdict::unauthenticated, 401, "\"unauthenticated\""},
        Row{AdmissionVerdict::missing_scope, 403, "\"missing_scope\""},
        Row{AdmissionVerdict::not_the_caller, 403, "\"not_the_caller\""},
        Row{AdmissionVerdict::not_a_member, 403, "\"not_a_member\""},
        Row{AdmissionVerdict::role_may_not_deploy, 403, "\"role_may_not_deploy\""},
        Row{AdmissionVerdict::project_not_found, 404, "\"project_not_found\""},
        Row{AdmissionVerdict::project_inactive, 409, "\"project_inactive\""},
        Row{AdmissionVerdict::deployment_in_progress, 409, "\"deployment_in_progress\""},
        Row{AdmissionVerdict::rate_limited, 429, "\"rate_limited\""},
        Row{AdmissionVerdict::outbox_full, 503, "\"queue_full\""},
        Row{AdmissionVerdict::key_reused, 422, "\"idempotency_key_reused\""}
    );
    admissions.admission = Admission{.verdict = row.verdict, .blocking_deployment = "d-0"};

    const HttpResponse response = post(k_body);

    CHECK(response.status == row.status);
    CHECK_THAT(response.body, Contains(row.code));
    CHECK(woken == 0);
}

TEST_CASE_METHOD(Fixture, "an accepted deployment tells what is left of the caller's rate")
{
    admissions.admission = Admission{
        .verdict = AdmissionVerdict::accepted, .rate = DeployRate{.limit = 10, .accepted = 3}};

    const HttpResponse response = post(k_body);

    CHECK(response.header("RateLimit-Limit") == "10");
    CHECK(response.header("RateLimit-Remaining") == "6");
    CHECK(response.header("RateLimit-Reset") == "60");
    CHECK_FALSE(response.header("Retry-After"));
}

TEST_CASE_METHOD(Fixture, "one deployment too many is told when the next one may come")
{
    admissions.admission = Admission{
        .verdict = AdmissionVerdict::rate_limited,
        .rate =
            DeployRate{.limit = 10, .accepted = 10, .oldest_ends_in = std::chrono::seconds{17}}};

    const HttpResponse response = post(k_body);

    CHECK(response.status == 429);
    CHECK(response.header("RateLimit-Remaining") == "0");
    CHECK(response.header("Retry-After") == "17");
    CHECK_THAT(response.body, Contains("Too many deployments"));
}

TEST_CASE_METHOD(Fixture, "a project that is being deployed names the deployment in the way")
{
    admissions.admission = Admission{
        .verdict = AdmissionVerdict::deployment_in_progress, .blocking_deployment = "d-0"};

    const HttpResponse response = post(k_body);

    CHECK_THAT(response.body, Contains(R"("details":{"deploymentId":"d-0"})"));
    CHECK_THAT(response.body, Contains("onConflict"));
}

TEST_CASE_METHOD(Fixture, "files given by digest are left to the database to find")
{
    const std::string hex = sha256("logo").hex();

    post(
        R"({"projectId":"p","orgId":"o","userId":"u","initFiles":[{"path":"a","sha256":")" + hex +
        R"("}]})"
    );
    post(k_body);

    CHECK(admissions.admitted.at(0).has_uploads);
    CHECK_THAT(admissions.admitted.at(0).params_json, Contains(hex));
    CHECK_FALSE(admissions.admitted.at(1).has_uploads);
}

TEST_CASE_METHOD(Fixture, "every place that names a missing file is listed")
{
    const std::string here = sha256("here").hex();
    const std::string gone = sha256("gone").hex();
    admissions.admission =
        Admission{.verdict = AdmissionVerdict::missing_files, .missing = {sha256("gone")}};

    const HttpResponse response = post(
        R"({"projectId":"p","orgId":"o","userId":"u","initFiles":[{"path":"a","sha256":")" + gone +
        R"("},{"path":"b","sha256":")" + here + R"("},{"path":"c","content":"text"},)" +
        R"({"path":"d","sha256":")" + gone + R"("}]})"
    );

    CHECK(response.status == 409);
    CHECK_THAT(response.body, Contains("\"missing_files\""));
    const std::string rest =
        R"(/sha256","reason":"has not been uploaded by this organisation","sha256":")" + gone +
        R"("})";
    CHECK_THAT(
        response.body,
        Contains(
            R"("details":[{"pointer":"/initFiles/0)" + rest + R"(,{"pointer":"/initFiles/3)" +
            rest + "]"
        )
    );
    CHECK(woken == 0);
}

TEST_CASE_METHOD(Fixture, "what to do about an active deployment is passed on")
{
    post(k_body);
    post(R"({"projectId":"p-1","orgId":"o-1","userId":"u-1","onConflict":"supersede"})");

    REQUIRE(admissions.admitted.size() == 2);
    CHECK(admissions.admitted[0].on_conflict == OnConflict::reject);
    CHECK_THAT(admissions.admitted[0].params_json, !Contains("onConflict"));
    CHECK(admissions.admitted[1].on_conflict == OnConflict::supersede);
    CHECK_THAT(admissions.admitted[1].params_json, Contains(R"("onConflict":"supersede")"));
}

TEST_CASE_METHOD(Fixture, "an idempotency key is passed on, and none where none was sent")
{
    post(k_body, objects, {{"Idempotency-Key", "key-1"}});
    post(k_body);

    REQUIRE(admissions.admitted.size() == 2);
    CHECK(admissions.admitted[0].idempotency_key == "key-1");
    CHECK_FALSE(admissions.admitted[1].idempotency_key);
}

TEST_CASE_METHOD(Fixture, "a request that was accepted before is answered as then")
{
    admissions.admission = Admission{
        .verdict = AdmissionVerdict::accepted,
        .accepted_at = UtcTime{std::chrono::seconds{1}},
        .earlier_deployment = "d-earlier"};

    const HttpResponse response = post(k_body, objects, {{"idempotency-key", "key-1"}});

    CHECK(response.status == 202);
    CHECK(response.header("Location") == "/deploy-status?id=d-earlier");
    CHECK_THAT(response.body, Contains(R"("deploymentId":"d-earlier")"));
    CHECK_THAT(response.body, Contains("1970-01-01T00:00:01.000Z"));
}

TEST_CASE_METHOD(Fixture, "a malformed idempotency key is refused, whatever the body is")
{
    static const std::string long_key(256, 'k');
    const std::vector<HttpHeader> headers = GENERATE(
        std::vector<HttpHeader>{{"Idempotency-Key", ""}},
        std::vector<HttpHeader>{{"Idempotency-Key", "two words"}},
        std::vector<HttpHeader>{{"Idempotency-Key", "k\x7f"}},
        std::vector<HttpHeader>{{"Idempotency-Key", "schl\xc3\xbcssel"}},
        std::vector<HttpHeader>{{"Idempotency-Key", long_key}},
        std::vector<HttpHeader>{{"Idempotency-Key", "a"}, {"Idempotency-Key", "a"}}
    );
    const std::string body = GENERATE(std::string{k_body}, std::string{"{"});

    const HttpResponse response = post(body, objects, headers);

    CHECK(response.status == 400);
    CHECK_THAT(response.body, Contains("\"invalid_idempotency_key\""));
    CHECK(admissions.admitted.empty());
    CHECK(admissions.authenticated.size() == 1);
}

TEST_CASE_METHOD(Fixture, "the longest idempotency key is taken")
{
    const std::string key(255, '~');

    CHECK(post(k_body, objects, {{"Idempotency-Key", key}}).status == 202);
}

TEST_CASE_METHOD(Fixture, "a full outbox is a reason to try later")
{
    admissions.admission = Admission{.verdict = AdmissionVerdict::outbox_full};

    CHECK(post(k_body).header("Retry-After") == "5");
}

TEST_CASE_METHOD(Fixture, "an unauthenticated answer tells how to authenticate")
{
    admissions.admission = Admission{.verdict = AdmissionVerdict::unauthenticated};

    CHECK(post(k_body).header("WWW-Authenticate") == "Bearer");
}

TEST_CASE_METHOD(Fixture, "a body that is no JSON is refused")
{
    const HttpResponse response = post("{");

    CHECK(response.status == 400);
    CHECK_THAT(response.body, Contains("\"invalid_json\""));
    CHECK(admissions.authenticated.size() == 1);
    CHECK(admissions.admitted.empty());
}

TEST_CASE_METHOD(Fixture, "all problems of an invalid body are named at once")
{
    const HttpResponse response = post(R"({"projectId":7,"initFiles":[{"path":"../x"}]})");

    CHECK(response.status == 400);
    CHECK_THAT(response.body, Contains("\"validation_failed\""));
    CHECK_THAT(response.body, Contains("\"/projectId\""));
    CHECK_THAT(response.body, Contains("/initFiles/0"));
    CHECK_THAT(response.body, Contains("orgId"));
}

TEST_CASE_METHOD(Fixture, "a wrong token is told so whatever the body is")
{
    admissions.principal = Error{Errc::unauthenticated, "unknown"};
    const std::string body = GENERATE(std::string{"{"}, std::string{"{}"});

    CHECK(post(body).status == 401);
}

TEST_CASE_METHOD(Fixture, "large contents go to the object store and leave their digest")
{
    const std::string large(5000, 'x');

    const HttpResponse response = post(
        R"({"projectId":"p","orgId":"o","userId":"u","initFiles":[{"path":"a","content":")" +
        large + R"("}]})"
    );

    CHECK(response.status == 202);
    CHECK(objects.get(sha256(large)).value() == large);
    CHECK_THAT(admissions.admitted.at(0).params_json, Contains(sha256(large).hex()));
    CHECK_THAT(admissions.admitted.at(0).params_json, !Contains("xxxx"));
}

TEST_CASE_METHOD(Fixture, "nothing is stored for a stranger")
{
    admissions.principal = Error{Errc::unauthenticated, "unknown"};
    const std::string large(5000, 'x');

    const HttpResponse response = post(
        R"({"projectId":"p","orgId":"o","userId":"u","initFiles":[{"path":"a","content":")" +
        large + R"("}]})"
    );

    CHECK(response.status == 401);
    CHECK(objects.get(sha256(large)).has_error());
}

TEST_CASE_METHOD(Fixture, "a full disk is a reason to try later and no reason to show a path")
{
    testing::FailingObjectStore full;

    const HttpResponse response = post(
        R"({"projectId":"p","orgId":"o","userId":"u","initFiles":[{"path":"a","content":")" +
            std::string(5000, 'x') + R"("}]})",
        full
    );

    CHECK(response.status == 503);
    CHECK(response.header("Retry-After") == "1");
    CHECK_THAT(response.body, !Contains("/secret/path"));
    CHECK_THAT(log.lines().back(), Contains("/secret/path"));
}

TEST_CASE_METHOD(Fixture, "a database that is away is a reason to try later")
{
    admissions.admission = Error{Errc::unavailable, "connection to 10.0.0.1 refused"};

    const HttpResponse response = post(k_body);

    CHECK(response.status == 503);
    CHECK(response.header("Retry-After") == "1");
    CHECK_THAT(response.body, !Contains("10.0.0.1"));
}

TEST_CASE_METHOD(Fixture, "what nobody expected is our fault")
{
    admissions.admission = Error{Errc::conflict, "impossible"};

    CHECK(post(k_body).status == 500);
}

TEST_CASE_METHOD(Fixture, "no token is ever logged")
{
    post(k_body);
    admissions.admission = Error{Errc::unavailable, "away"};
    post(k_body);

    for (const std::string& line : log.lines()) {
        CHECK_THAT(line, !Contains("tok-1"));
    }
}

}  // namespace
}  // namespace libra
