#include "shared/wire/letter_answers.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

namespace {

constexpr UtcTime k_time{std::chrono::milliseconds{1'753'180'200'000}};  // 2025-07-22 10:30 UTC

LetterAnswer letter()
{
    return {
        .id = 17,
        .state = "open",
        .failure_class = FailureClass::poison,
        .reason = "/params is required",
        .created_at = k_time,
    };
}

const std::string k_letter = R"("id":17,"state":"open","class":"poison",)"
                             R"("reason":"/params is required",)"
                             R"("createdAt":"2025-07-22T10:30:00.000Z")";

}  // namespace

TEST_CASE("a page of dead letters leaves out what there is not")
{
    CHECK(
        encode_letters({.letters = {letter()}, .timestamp = k_time}) ==
        R"({"letters":[{)" + k_letter + R"(}],"timestamp":"2025-07-22T10:30:00.000Z"})"
    );
    CHECK(
        encode_letters({.next_cursor = "17", .timestamp = k_time}) ==
        R"({"letters":[],"nextCursor":"17","timestamp":"2025-07-22T10:30:00.000Z"})"
    );
}

TEST_CASE("a dead letter that was resolved tells when, by whom and why")
{
    LetterAnswer resolved = letter();
    resolved.deployment_id = "4f1c";
    resolved.project_id = "shop-42";
    resolved.org_id = "acme";
    resolved.resolved_at = k_time;
    resolved.resolved_by = "ada";
    resolved.resolution = "given up";

    CHECK(
        encode_letter(resolved, "{}", {}) ==
        R"({"id":17,"state":"open","class":"poison","reason":"/params is required",)"
        R"("deploymentId":"4f1c","projectId":"shop-42","orgId":"acme",)"
        R"("createdAt":"2025-07-22T10:30:00.000Z","resolvedAt":"2025-07-22T10:30:00.000Z",)"
        R"("resolvedBy":"ada","resolution":"given up","message":{},"attempts":[]})"
    );
}

TEST_CASE("a message is shown in the first form that fits")
{
    const auto with = [](const std::string& shown) {
        return "{" + k_letter + "," + shown + R"(,"attempts":[]})";
    };

    CHECK(
        encode_letter(letter(), R"( {"a": [1, "ü"]} )", {}) ==
        with(R"("message": {"a": [1, "ü"]} )")
    );
    CHECK(encode_letter(letter(), "7", {}) == with(R"("message":7)"));
    CHECK(encode_letter(letter(), "{\"a\":", {}) == with(R"("messageText":"{\"a\":")"));
    CHECK(
        encode_letter(letter(), R"({"a":1,"a":2})", {}) ==
        with(R"("messageText":"{\"a\":1,\"a\":2}")")
    );
    CHECK(encode_letter(letter(), "", {}) == with(R"("messageText":"")"));
    CHECK(encode_letter(letter(), "{}\xFF", {}) == with(R"("messageBase64":"e33/")"));
}

TEST_CASE("attempts are listed with what is known of them")
{
    CHECK(
        encode_letter(
            letter(),
            "{}",
            {{.number = 1,
              .worker = "w-1",
              .started_at = k_time,
              .ended_at = k_time,
              .outcome = "failed",
              .step = "build",
              .failure_class = "exhausted",
              .error_code = "platform_error",
              .error = "not your doing"},
             {.number = 2, .worker = "w-2", .started_at = k_time}}
        ) == "{" + k_letter +
                 R"(,"message":{},"attempts":[{"number":1,"worker":"w-1",)"
                 R"("startedAt":"2025-07-22T10:30:00.000Z","endedAt":"2025-07-22T10:30:00.000Z",)"
                 R"("outcome":"failed","step":"build","class":"exhausted",)"
                 R"("errorCode":"platform_error","error":"not your doing"},)"
                 R"({"number":2,"worker":"w-2","startedAt":"2025-07-22T10:30:00.000Z"}]})"
    );
}

TEST_CASE("what became of dead letters is told in numbers and words")
{
    CHECK(
        encode_resolved_letter(17, "requeued", "On its way.", k_time) ==
        R"({"success":true,"id":17,"state":"requeued","message":"On its way.",)"
        R"("timestamp":"2025-07-22T10:30:00.000Z"})"
    );
    CHECK(
        encode_redrive({.requeued = 12, .skipped = 1, .more = true, .timestamp = k_time}) ==
        R"({"success":true,"requeued":12,"skipped":1,"more":true,)"
        R"("timestamp":"2025-07-22T10:30:00.000Z"})"
    );
}

}  // namespace libra::testing
