#include "api-gateway/letters/letter_reading_handlers.hpp"
#include "api-gateway/letters/letter_resolving_handlers.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_redrive_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;

struct Fixture {
    Fixture() { admissions.principal = Principal{.user_id = "ops-1", .scopes = {"admin"}}; }

    LetterHandler::Parts parts() { return {admissions, letters, clock}; }

    static HttpRequest to(std::string path, std::string_view body = {})
    {
        HttpRequest request;
        request.path = std::move(path);
        request.headers = {{"Authorization", "Bearer tok-1"}};
        request.body = body;
        request.request_id = "req-1";
        return request;
    }

    HttpResponse list(std::vector<QueryParameter> query = {})
    {
        HttpRequest request = to("/dlq");
        request.query = std::move(query);
        return LetterListHandler{parts(), log.log()}.handle(request);
    }

    HttpResponse show(const std::string& id = "17")
    {
        return LetterDetailHandler{parts(), log.log()}.handle(to("/dlq/" + id));
    }

    HttpResponse requeue(const std::string& id = "17")
    {
        return LetterRequeueHandler{parts(), log.log()}.handle(to("/dlq/" + id + "/requeue"));
    }

    HttpResponse requeue_matching(std::string_view body = "{}")
    {
        return LettersRequeueHandler{parts(), log.log()}.handle(to("/dlq/requeue", body));
    }

    HttpResponse
    discard(const std::string& id = "17", std::string_view body = R"({"reason":"given up"})")
    {
        return LetterDiscardHandler{parts(), log.log()}.handle(to("/dlq/" + id, body));
    }

    std::vector<HttpResponse> all()
    {
        return {list(), show(), requeue(), requeue_matching(), discard()};
    }

    testing::FakeAdmissionStore admissions;
    testing::FakeRedriveStore letters;
    testing::FakeClock clock;
    testing::RecordingLog log;
};

TEST_CASE_METHOD(Fixture, "dead letters are for administrators only")
{
    admissions.principal =
        Principal{.user_id = "u-1", .service = true, .scopes = {"deploy", "read"}};

    for (const HttpResponse& response : all()) {
        CHECK(response.status == 403);
        CHECK_THAT(response.body, Contains("\"missing_scope\""));
        CHECK_THAT(response.body, Contains("`admin`"));
    }
    CHECK(letters.calls.empty());
}

TEST_CASE_METHOD(Fixture, "who shows a wrong token learns nothing of dead letters")
{
    admissions.principal = Error{Errc::unauthenticated, "unknown"};

    for (const HttpResponse& response : all()) {
        CHECK(response.status == 401);
        CHECK(response.header("WWW-Authenticate") == "Bearer");
    }
    CHECK(letters.calls.empty());
    CHECK(admissions.authenticated.at(0).digest == sha256("tok-1"));
}

TEST_CASE_METHOD(Fixture, "who shows no token learns nothing of dead letters")
{
    HttpRequest request = to("/dlq");
    request.headers.clear();

    CHECK(LetterListHandler(parts(), log.log()).handle(request).status == 401);
    CHECK(admissions.authenticated.empty());
}

TEST_CASE_METHOD(Fixture, "without the database nobody can be let through to dead letters")
{
    admissions.principal = Error{Errc::unavailable, "connection to 10.0.0.1 refused"};

    for (const HttpResponse& response : all()) {
        CHECK(response.status == 503);
        CHECK(response.header("Retry-After") == "1");
        CHECK_THAT(response.body, !Contains("10.0.0.1"));
    }
}

TEST_CASE_METHOD(Fixture, "a store of dead letters that fails is a reason to try later")
{
    const Error away{Errc::unavailable, "away"};
    letters.page = away;
    letters.letter = away;
    letters.verdict = away;
    letters.counts = away;
    letters.discarded = away;

    for (const HttpResponse& response : all()) {
        CHECK(response.status == 503);
    }
}

TEST_CASE_METHOD(Fixture, "a dead letter that is not there is not found")
{
    letters.letter = Error{Errc::not_found, "17"};
    letters.verdict = Error{Errc::not_found, "17"};
    letters.discarded = Error{Errc::not_found, "17"};

    for (const HttpResponse& response : {show(), requeue(), discard()}) {
        CHECK(response.status == 404);
        CHECK_THAT(response.body, Contains("\"dead_letter_not_found\""));
    }
}

TEST_CASE_METHOD(Fixture, "an id that no dead letter can have is not looked up")
{
    for (const HttpResponse& response : {show("x"), requeue("0"), discard("-1")}) {
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("\"invalid_id\""));
        CHECK_THAT(response.body, Contains("dead letter"));
    }
    CHECK(letters.calls.empty());
}

TEST_CASE_METHOD(Fixture, "dead letters are listed with the way to the next page")
{
    letters.page = LetterPage{
        .letters =
            {{.id = 17,
              .failure_class = FailureClass::exhausted,
              .reason = "three attempts failed",
              .deployment_id = "d-1",
              .project_id = "p-1",
              .org_id = "o-1"}},
        .next = 17};

    const HttpResponse response = list({{"orgId", "o-1"}, {"limit", "1"}, {"cursor", "40"}});

    CHECK(response.status == 200);
    CHECK(
        response.body ==
        R"({"letters":[{"id":17,"state":"open","class":"exhausted",)"
        R"("reason":"three attempts failed","deploymentId":"d-1","projectId":"p-1","orgId":"o-1",)"
        R"("createdAt":"1970-01-01T00:00:00.000Z"}],"nextCursor":"17",)"
        R"("timestamp":"1970-01-01T00:00:00.000Z"})"
    );
    REQUIRE(letters.calls.size() == 1);
    CHECK(letters.calls[0].filter.state == LetterState::open);
    CHECK(letters.calls[0].filter.org_id == "o-1");
    CHECK(letters.calls[0].before == 40);
    CHECK(letters.calls[0].limit == 1);
}

TEST_CASE_METHOD(Fixture, "the last page of dead letters leads nowhere")
{
    CHECK_THAT(list().body, Contains(R"({"letters":[],"timestamp":)"));
}

TEST_CASE_METHOD(Fixture, "every bad parameter of a list is named")
{
    const HttpResponse response = list({{"limit", "0"}, {"state", "closed"}});

    CHECK(response.status == 400);
    CHECK_THAT(response.body, Contains("\"validation_failed\""));
    CHECK_THAT(response.body, Contains("/query/state"));
    CHECK_THAT(response.body, Contains("/query/limit"));
    CHECK_THAT(response.body, Contains("The query"));
    CHECK(letters.calls.empty());
}

TEST_CASE_METHOD(Fixture, "one dead letter is shown with its message and its attempts")
{
    letters.letter = Letter{
        .summary =
            {.id = 17,
             .state = LetterState::discarded,
             .failure_class = FailureClass::exhausted,
             .resolved_at = UtcTime{std::chrono::seconds{2}},
             .resolved_by = "ops-2",
             .resolution = "given up"},
        .message = R"({"deploymentId":"d-1"})",
        .attempts = {
            {.number = 1,
             .worker = "w-1",
             .ended_at = UtcTime{std::chrono::seconds{1}},
             .outcome = "failed",
             .step = "build",
             .failure_class = "exhausted",
             .error_code = "platform_error",
             .error = "not your doing"}}};

    const HttpResponse response = show();

    CHECK(response.status == 200);
    for (const char* const part :
         {R"("id":17,"state":"discarded","class":"exhausted")",
          R"("resolvedAt":"1970-01-01T00:00:02.000Z","resolvedBy":"ops-2","resolution":"given up")",
          R"("message":{"deploymentId":"d-1"})",
          R"("attempts":[{"number":1,"worker":"w-1","startedAt":"1970-01-01T00:00:00.000Z",)",
          R"("endedAt":"1970-01-01T00:00:01.000Z","outcome":"failed","step":"build",)",
          R"("class":"exhausted","errorCode":"platform_error","error":"not your doing"}])"}) {
        CHECK_THAT(response.body, Contains(part));
    }
    CHECK(letters.calls.at(0).id == 17);
}

TEST_CASE_METHOD(Fixture, "a dead letter is sent on its way again in the administrator's name")
{
    const HttpResponse response = requeue();

    CHECK(response.status == 200);
    CHECK_THAT(response.body, Contains(R"({"success":true,"id":17,"state":"requeued","message":)"));
    REQUIRE(letters.calls.size() == 1);
    CHECK(letters.calls[0].what == "redrive");
    CHECK(letters.calls[0].id == 17);
    CHECK(letters.calls[0].actor.user_id == "ops-1");
    CHECK(letters.calls[0].actor.request_id == "req-1");
}

TEST_CASE_METHOD(Fixture, "every reason not to requeue a dead letter has its code")
{
    struct Row {
        RedriveVerdict verdict;
        const char* code;
    };

    const Row row = GENERATE(
        Row{RedriveVerdict::already_resolved, "\"already_resolved\""},
        Row{RedriveVerdict::deployment_in_progress, "\"deployment_in_progress\""},
        Row{RedriveVerdict::superseded, "\"superseded\""},
        Row{RedriveVerdict::not_redrivable, "\"not_redrivable\""}
    );
    letters.verdict = row.verdict;

    const HttpResponse response = requeue();

    CHECK(response.status == 409);
    CHECK_THAT(response.body, Contains(row.code));
    CHECK_THAT(response.body, !Contains("onConflict"));
}

TEST_CASE_METHOD(Fixture, "the open dead letters that match are requeued and counted")
{
    letters.counts = RedriveCounts{.requeued = 12, .skipped = 1, .more = true};

    const HttpResponse response =
        requeue_matching(R"({"class":"exhausted","projectId":"p-1","orgId":"o-1"})");

    CHECK(response.status == 200);
    CHECK_THAT(
        response.body, Contains(R"({"success":true,"requeued":12,"skipped":1,"more":true,)")
    );
    REQUIRE(letters.calls.size() == 1);
    const testing::FakeRedriveStore::Call& call = letters.calls[0];
    CHECK(call.what == "redrive_matching");
    CHECK(call.filter.state == LetterState::open);
    CHECK(call.filter.failure_class == FailureClass::exhausted);
    CHECK(call.filter.project_id == "p-1");
    CHECK(call.filter.org_id == "o-1");
    CHECK(call.actor.user_id == "ops-1");
    CHECK(call.actor.request_id == "req-1");
}

TEST_CASE_METHOD(Fixture, "nothing but an empty object asks for all dead letters to be requeued")
{
    CHECK(requeue_matching("").status == 400);
    CHECK_THAT(requeue_matching("null").body, Contains("\"validation_failed\""));
    CHECK_THAT(requeue_matching("{").body, Contains("\"invalid_json\""));
    CHECK_THAT(requeue_matching(R"({"project":"p-1"})").body, Contains("/project"));
    CHECK(letters.calls.empty());

    CHECK(requeue_matching("{}").status == 200);
    CHECK_FALSE(letters.calls.at(0).filter.project_id);
}

TEST_CASE_METHOD(Fixture, "a dead letter is discarded with a reason and in somebody's name")
{
    const HttpResponse response = discard();

    CHECK(response.status == 200);
    CHECK_THAT(
        response.body, Contains(R"({"success":true,"id":17,"state":"discarded","message":)")
    );
    REQUIRE(letters.calls.size() == 1);
    CHECK(letters.calls[0].what == "discard");
    CHECK(letters.calls[0].id == 17);
    CHECK(letters.calls[0].reason == "given up");
    CHECK(letters.calls[0].actor.user_id == "ops-1");
    CHECK(letters.calls[0].actor.request_id == "req-1");
}

TEST_CASE_METHOD(Fixture, "a dead letter is not discarded without a reason")
{
    CHECK_THAT(discard("17", "").body, Contains("\"invalid_json\""));
    CHECK_THAT(discard("17", "{}").body, Contains("/reason"));
    CHECK(discard("17", R"({"reason":""})").status == 400);
    CHECK(letters.calls.empty());
}

TEST_CASE_METHOD(Fixture, "a dead letter that was resolved before is not discarded again")
{
    letters.discarded = false;

    const HttpResponse response = discard();

    CHECK(response.status == 409);
    CHECK_THAT(response.body, Contains("\"already_resolved\""));
}

}  // namespace
}  // namespace libra
