#include "deploy-worker/notify/webhook_sender.hpp"

#include "shared/base/base64.hpp"
#include "tests/support/collected_spans.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <functional>
#include <map>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Matchers::Contains;

/// Hands out what it was given, and keeps what it is told.
class MemoryDeliveries final : public DeliveryStore {
public:
    std::deque<ClaimedDelivery> due{};
    std::optional<Error> claim_fails{};
    Result<void> recorded{};
    std::vector<DeliveryOutcome> outcomes{};
    Lanes lanes_asked{};
    std::function<void()> when_empty{[] {}};

    Result<std::optional<ClaimedDelivery>>
    claim(const std::string& token, std::chrono::seconds /*hold*/, Lanes lanes) override
    {
        lanes_asked = lanes;
        token_ = token;
        if (claim_fails) {
            const Error error = *claim_fails;
            when_empty();
            return error;
        }
        if (due.empty()) {
            when_empty();
            return std::optional<ClaimedDelivery>{};
        }
        ClaimedDelivery first = due.front();
        due.pop_front();
        return std::optional{first};
    }

    Result<void> record(
        const std::string& token,
        const ClaimedDelivery& /*delivery*/,
        const DeliveryOutcome& outcome
    ) override
    {
        CHECK(token == token_);
        outcomes.push_back(outcome);
        return recorded;
    }

    Result<int> prune(std::chrono::hours /*age*/) override { return 0; }

private:
    std::string token_;
};

struct Desk {
    MemoryDeliveries deliveries{};
    testing::FakeClock clock{};
    testing::FakeRandom random{};
    testing::RecordingLog log{};
    AddressFilter addresses{};
    WebhookKeys keys{WebhookKeys::from_keys(Secret{to_base64(std::string(32, 'k'))}).value()};
    Result<HttpReply> reply{HttpReply{.status = 204}};
    testing::ScriptedHttpClient http{[this](const HttpCall&) {
        clock.advance(40ms);
        return reply;
    }};
    testing::CollectedSpans spans{};
    WebhookSender sender{
        deliveries,
        http,
        addresses,
        keys,
        clock,
        random,
        log.log(),
        {},
        [](const DeliveryOutcome&) {},
        spans};
    TraceContext trace{};

    void add(int tries = 0)
    {
        deliveries.due.push_back(
            {.org_id = "acme",
             .id = "msg_1",
             .webhook_id = "hook-1",
             .url = "https://a.test/token-in-the-path",
             .payload = R"({"type":"deployment.completed"})",
             .tries = tries,
             .trace = trace}
        );
    }

    /// Of one try after `tries` others.
    DeliveryOutcome outcome(int tries = 0)
    {
        add(tries);
        CHECK(sender.send_one({}).value());
        return deliveries.outcomes.back();
    }
};

TEST_CASE("a message is posted with its id, time and signature, and is delivered by a 2xx")
{
    Desk desk;
    desk.clock.advance(1'700'000'000'500ms);

    const DeliveryOutcome outcome = desk.outcome();

    CHECK(outcome.error.empty());
    CHECK(outcome.status_code == 204);
    CHECK(outcome.duration == 40ms);
    CHECK_FALSE(outcome.gone);
    REQUIRE(desk.http.calls().size() == 1);
    const HttpCall& call = desk.http.calls()[0];
    CHECK(call.method == HttpMethod::post);
    CHECK(call.url == "https://a.test/token-in-the-path");
    CHECK(call.body == R"({"type":"deployment.completed"})");
    CHECK(call.timeout == 15s);
    CHECK(call.head_only);
    std::map<std::string, std::string> headers;
    for (const HttpField& field : call.headers) {
        headers[field.name] = field.value;
    }
    CHECK(headers["content-type"] == "application/json");
    CHECK(headers["webhook-id"] == "msg_1");
    CHECK(headers["webhook-timestamp"] == "1700000000");
    CHECK(
        headers["webhook-signature"] == desk.keys.sign("hook-1", "msg_1", "1700000000", call.body)
    );
}

TEST_CASE("a try is a span in the deployment's trace, and the receiver is told which")
{
    Desk desk;
    desk.trace = *read_trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1");
    desk.reply = HttpReply{.status = 503};

    desk.outcome(2);

    REQUIRE(desk.spans.spans.size() == 1);
    const Span& span = desk.spans.spans[0];
    CHECK(span.context.trace_id == desk.trace.trace_id);
    CHECK(span.context.parent_id == desk.trace.span_id);
    CHECK(span.kind == SpanKind::client);
    CHECK(span.ended - span.began == 40ms);
    CHECK(span.error == "503");
    CHECK_THAT(
        desk.log.lines().at(0), Catch::Contains(R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")")
    );
    const HttpField& header = desk.http.calls()[0].headers.back();
    CHECK(header.name == "traceparent");
    CHECK(header.value == span.context.header());
    for (const SpanAttribute& attribute : span.attributes) {
        const auto* const text = std::get_if<std::string>(&attribute.value);
        CHECK((text == nullptr || text->find("token-in-the-path") == std::string::npos));
    }
}

TEST_CASE("a test's message is of no trace")
{
    Desk desk;

    desk.outcome();

    CHECK(desk.spans.spans.empty());
    for (const HttpField& header : desk.http.calls()[0].headers) {
        CHECK(header.name != "traceparent");
    }
}

TEST_CASE("only addresses that the filter lets through are sent to")
{
    Desk desk;
    desk.outcome();

    const auto& allow = desk.http.calls()[0].allow_address;
    REQUIRE(allow);
    CHECK(allow("8.8.8.8"));
    CHECK_FALSE(allow("169.254.169.254"));
}

TEST_CASE("what is not delivered is tried again after growing pauses, ten times in all")
{
    Desk desk;
    desk.reply = HttpReply{.status = 500};

    std::chrono::milliseconds whole{0};
    std::chrono::milliseconds last{0};
    for (int tries = 0; tries < 9; ++tries) {
        const DeliveryOutcome outcome = desk.outcome(tries);
        CHECK(outcome.error == "the receiver answered 500");
        CHECK(outcome.status_code == 500);
        REQUIRE(outcome.retry_in.has_value());
        CHECK(*outcome.retry_in > last);
        last = *outcome.retry_in;
        whole += last;
    }
    CHECK_FALSE(desk.outcome(9).retry_in.has_value());
    CHECK(whole > 70h);
    CHECK(whole < 80h);
}

TEST_CASE("why a message was not delivered is told")
{
    const auto [reply, words] = GENERATE(
        std::pair{Result<HttpReply>{HttpReply{.status = 302}}, "302; redirects are not followed"},
        std::pair{Result<HttpReply>{HttpReply{.status = 404}}, "the receiver answered 404"},
        std::pair{Result<HttpReply>{Error{Errc::timed_out, "x"}}, "no answer within 15000 ms"},
        std::pair{
            Result<HttpReply>{Error{Errc::rejected, "x"}}, "an address that this platform sends"},
        std::pair{
            Result<HttpReply>{Error{Errc::unavailable, "Could not resolve host: a.test"}},
            "Could not resolve host: a.test"}
    );
    Desk desk;
    desk.reply = reply;

    const DeliveryOutcome outcome = desk.outcome();

    CHECK_THAT(outcome.error, Contains(words));
    CHECK(outcome.retry_in.has_value());
    CHECK_FALSE(outcome.gone);
}

TEST_CASE("a receiver that is gone gets no more messages")
{
    Desk desk;
    desk.reply = HttpReply{.status = 410};

    const DeliveryOutcome outcome = desk.outcome();

    CHECK(outcome.gone);
    CHECK_FALSE(outcome.retry_in.has_value());
    CHECK_THAT(outcome.error, Contains("410"));
}

TEST_CASE("a receiver that is busy is left alone as long as it wishes, up to a day")
{
    const auto [wish, pause] = GENERATE(
        std::pair{"7200", 7'200'000ms},
        std::pair{"1", 5000ms},  // the usual pause is longer
        std::pair{"999999999", 86'400'000ms},
        std::pair{"-5", 5000ms},
        std::pair{"tomorrow", 5000ms},
        std::pair{"99999999999999999999", 5000ms}
    );
    CAPTURE(wish);
    Desk desk;
    desk.reply = HttpReply{.status = 429, .headers = {{"retry-after", wish}}};

    const auto found = desk.outcome().retry_in;
    REQUIRE(found.has_value());
    CHECK(*found >= pause);
    CHECK(*found < pause + 1100ms);
}

TEST_CASE("a try that the worker's end cut short is made again at once")
{
    Desk desk;
    desk.reply = Error{Errc::cancelled, "stopped"};

    const DeliveryOutcome outcome = desk.outcome(9);

    CHECK(outcome.retry_in == 0ms);
    CHECK_THAT(outcome.error, Contains("stopped before"));
}

TEST_CASE("where nothing is due nothing is sent")
{
    Desk desk;

    CHECK_FALSE(desk.sender.send_one({}).value());
    CHECK(desk.http.calls().empty());
}

TEST_CASE("a lost hold is somebody else's business, a lost database is trouble")
{
    Desk desk;
    desk.deliveries.recorded = Error{Errc::not_found, "taken over"};
    desk.add();
    CHECK(desk.sender.send_one({}).value());

    desk.deliveries.recorded = Error{Errc::unavailable, "away"};
    desk.add();
    CHECK(desk.sender.send_one({}).error().code == Errc::unavailable);
}

TEST_CASE("neither address nor body of a webhook is logged")
{
    Desk desk;
    desk.reply = HttpReply{.status = 500};
    desk.outcome();

    REQUIRE_FALSE(desk.log.lines().empty());
    for (const std::string& line : desk.log.lines()) {
        CHECK_THAT(line, !Contains("token-in-the-path") && !Contains("deployment.completed"));
    }
}

TEST_CASE("it works until it is stopped, through times without a database")
{
    Desk desk;
    std::stop_source stopping;
    int empty = 0;
    desk.add();
    desk.deliveries.when_empty = [&] {
        ++empty;
        if (empty == 1) {
            desk.deliveries.claim_fails = Error{Errc::unavailable, "away"};
        } else if (empty == 3) {
            desk.deliveries.claim_fails.reset();
            desk.add();
        } else if (empty == 4) {
            stopping.request_stop();
        }
    };

    desk.sender.run(stopping.get_token(), Lanes::quick);

    CHECK(desk.deliveries.lanes_asked == Lanes::quick);
    CHECK(desk.deliveries.outcomes.size() == 2);
    CHECK(empty == 4);
}

}  // namespace
}  // namespace libra
