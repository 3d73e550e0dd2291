#include "deploy-worker/intake/intake.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_dead_letter_store.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/recording_target.hpp"
#include "tests/support/recording_work_store.hpp"
#include "tests/support/scripted_step.hpp"
#include "tests/support/still_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <string>
#include <vector>

namespace libra {
namespace {

using Catch::Matchers::Contains;

const std::string k_message{
    R"({"deploymentId":"d1","params":{"projectId":"p","orgId":"o","userId":"u"},)"
    R"("metadata":{"timestamp":"2026-01-01T00:00:00.000Z","retryCount":0,"priority":0}})"};

const std::string k_trace{"4bf92f3577b34da6a3ce929d0e0e4736"};
const std::string k_traceparent{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};

/// `StillClock` where an attempt runs, so that its lease keeper stays quiet; `FakeClock` where the
/// intake itself waits.
template <class TestClock>
struct Fixture {
    TestClock clock;
    testing::FakeRandom random;
    testing::RecordingLog log;
    testing::RecordingWorkStore work;
    testing::FakeDeadLetterStore dead_letters;
    testing::RecordingTarget target;
    testing::TemporaryDirectory work_root;
    Pipeline pipeline{
        work,
        target,
        testing::steps_with(StepName::validate, {}),
        clock,
        random,
        log.redactor(),
        log.log(),
        {.work_root = work_root.path()}};
    int looks_without_room{0};
    Intake intake{work, dead_letters, pipeline, clock, random, log.log(), "w1", [this] {
                      return looks_without_room == 0 || looks_without_room-- == 0;
                  }};
    std::string settled{};
    std::stop_source done{};

    void accept(const std::string& body)
    {
        const auto settle = [this](Delivery::Verdict verdict) {
            settled = verdict == Delivery::Verdict::ack ? "acked" : "requeued";
            done.request_stop();
        };
        intake.accept(Delivery{body, "m1", false, settle, {{"traceparent", k_traceparent}}});
    }

    /// Delivers one message and works until it is settled.
    void deliver(const std::string& body)
    {
        accept(body);
        intake.run(done.get_token());
    }
};

TEST_CASE("a message of a deployment nobody holds is worked on, then acknowledged")
{
    Fixture<testing::StillClock> fixture;
    fixture.work.claims = {ClaimAnswer{ClaimedDeployment{
        .lease = {"d1", 1},
        .attempt = 1,
        .params_json = R"({"projectId":"p","orgId":"o","userId":"u"})"}}};

    fixture.deliver(k_message);

    CHECK(fixture.settled == "acked");
    CHECK(fixture.work.calls().front() == "claim d1 by w1");
    CHECK(fixture.work.calls().back() == "complete http://site.example/");
}

TEST_CASE("what is first in line is worked on before what the message is about")
{
    Fixture<testing::StillClock> fixture;
    fixture.work.first_in_line_answers = {
        std::optional<std::string>{"r1"}, std::optional<std::string>{"r2"}};
    fixture.work.claims = {ClaimAnswer{ClaimRefusal::terminal}};

    fixture.deliver(k_message);

    CHECK(fixture.settled == "acked");
    CHECK(
        fixture.work.calls() ==
        std::vector<std::string>{"claim r1 by w1", "claim r2 by w1", "claim d1 by w1"}
    );
}

TEST_CASE("no deployment is begun without room on the disks; what is first in line needs none")
{
    Fixture<testing::FakeClock> fixture;
    fixture.looks_without_room = 3;
    fixture.work.first_in_line_answers = {
        std::optional<std::string>{}, std::optional<std::string>{"r1"}};
    fixture.work.claims = {ClaimAnswer{ClaimRefusal::terminal}};

    fixture.deliver(k_message);

    CHECK(fixture.settled == "acked");
    CHECK(fixture.work.calls() == std::vector<std::string>{"claim r1 by w1", "claim d1 by w1"});
    CHECK(fixture.clock.now() == Instant{std::chrono::seconds{2}});
}

TEST_CASE("a worker without room takes a deployment up before the broker takes it back")
{
    Fixture<testing::FakeClock> fixture;
    fixture.looks_without_room = 1'000'000;
    fixture.work.claims = {ClaimAnswer{ClaimRefusal::terminal}};

    fixture.deliver(k_message);

    CHECK(fixture.settled == "acked");
    CHECK(fixture.clock.now() == Instant{std::chrono::minutes{20}});
}

TEST_CASE("what stays first in line keeps no message waiting")
{
    Fixture<testing::StillClock> fixture;
    fixture.work.first_in_line_answers = {
        std::optional<std::string>{"r1"}, std::optional<std::string>{"r1"}};
    fixture.work.claims = {ClaimAnswer{ClaimRefusal::parked}};

    fixture.deliver(k_message);

    CHECK(fixture.work.calls() == std::vector<std::string>{"claim r1 by w1", "claim d1 by w1"});
}

TEST_CASE("an answer about the line that does not come keeps no message waiting")
{
    Fixture<testing::StillClock> fixture;
    fixture.work.first_in_line_answers = {Error{Errc::unavailable, "away"}};
    fixture.work.claims = {ClaimAnswer{ClaimRefusal::terminal}};

    fixture.deliver(k_message);

    CHECK(fixture.work.calls() == std::vector<std::string>{"claim d1 by w1"});
}

TEST_CASE("a refused claim needs no work and is acknowledged")
{
    const auto refusal = GENERATE(
        ClaimRefusal::terminal,
        ClaimRefusal::cancelled,
        ClaimRefusal::exhausted,
        ClaimRefusal::leased_elsewhere
    );
    Fixture<testing::FakeClock> fixture;
    fixture.work.claims = {ClaimAnswer{refusal}};

    fixture.deliver(k_message);

    CHECK(fixture.settled == "acked");
    CHECK(fixture.work.calls().size() == 1);
}

TEST_CASE("what the log says of an attempt names the trace that the deployment was accepted in")
{
    Fixture<testing::StillClock> fixture;
    fixture.work.claims = {ClaimAnswer{ClaimedDeployment{
        .lease = {"d1", 1},
        .attempt = 1,
        .params_json = R"({"projectId":"p","orgId":"o","userId":"u"})",
        .trace = *read_trace(k_traceparent, "")}}};

    fixture.deliver(k_message);

    for (const std::string& line : fixture.log.lines()) {
        CHECK_THAT(line, Contains(R"("trace_id":")" + k_trace + '"'));
    }
}

TEST_CASE("what the log says of a message that comes to nothing names the message's trace")
{
    Fixture<testing::FakeClock> fixture;
    fixture.work.claims = {ClaimAnswer{GENERATE(ClaimRefusal::terminal, ClaimRefusal::unknown)}};

    fixture.deliver(k_message);

    CHECK_FALSE(fixture.log.lines().empty());
    for (const std::string& line : fixture.log.lines()) {
        CHECK_THAT(line, Contains(R"("trace_id":")" + k_trace + '"'));
    }
}

TEST_CASE("a message of no deployment goes to the dead letters")
{
    Fixture<testing::FakeClock> fixture;
    fixture.work.claims = {ClaimAnswer{ClaimRefusal::unknown}};

    fixture.deliver(k_message);

    CHECK(fixture.settled == "acked");
    CHECK(
        fixture.dead_letters.reasons ==
        std::vector<std::string>{"/deploymentId names no deployment"}
    );
}

TEST_CASE("a claim waits for a database that is away for a moment")
{
    Fixture<testing::FakeClock> fixture;
    fixture.work.claims = {
        Error{Errc::unavailable, "away"},
        Error{Errc::unavailable, "away"},
        ClaimAnswer{ClaimRefusal::terminal}};

    fixture.deliver(k_message);

    CHECK(fixture.settled == "acked");
    CHECK(fixture.work.calls().size() == 3);
}

TEST_CASE("a message nobody can read becomes a dead letter with its reason")
{
    Fixture<testing::FakeClock> fixture;
    fixture.dead_letters.errors = {Errc::unavailable};

    SECTION("not JSON")
    {
        fixture.deliver("not json");
    }

    SECTION("against the schema")
    {
        fixture.deliver(R"({"deploymentId":"d1"})");
    }

    CHECK(fixture.settled == "acked");
    REQUIRE(fixture.dead_letters.reasons.size() == 1);
    CHECK_FALSE(fixture.dead_letters.reasons.front().empty());
    CHECK(fixture.work.calls().empty());
}

TEST_CASE("a poison message that cannot be recorded goes back to the queue")
{
    Fixture<testing::FakeClock> fixture;
    fixture.dead_letters.errors = {Errc::rejected};

    fixture.deliver("not json");

    CHECK(fixture.settled == "requeued");
}

TEST_CASE("a message that comes to an intake that has stopped goes back to the queue")
{
    Fixture<testing::FakeClock> fixture;
    std::stop_source stopping;
    stopping.request_stop();

    SECTION("while it stops")
    {
        fixture.accept(k_message);
        fixture.intake.run(stopping.get_token());
    }

    SECTION("afterwards")
    {
        fixture.intake.run(stopping.get_token());
        fixture.accept(k_message);
    }

    CHECK(fixture.settled == "requeued");
    CHECK(fixture.work.calls().empty());
}

TEST_CASE("an abandoned attempt sends its message back to the queue")
{
    Fixture<testing::StillClock> fixture;
    fixture.work.claims = {ClaimAnswer{ClaimedDeployment{
        .lease = {"d1", 1},
        .attempt = 1,
        .params_json = R"({"projectId":"p","orgId":"o","userId":"u"})"}}};
    fixture.work.write_errors = {Errc::fenced};

    fixture.deliver(k_message);

    CHECK(fixture.settled == "requeued");
}

}  // namespace
}  // namespace libra
