#include "api-gateway/auth/issuer_keys.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/jwt_signer.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <stop_token>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::jwks_of;

const std::string k_url{"https://id.example/keys"};

struct Fixture {
    Result<HttpReply> answer{HttpReply{.status = 200, .body = jwks_of({"k-1"})}};
    testing::ScriptedHttpClient http{[this](const HttpCall&) { return answer; }};
    testing::FakeClock clock;
    testing::RecordingLog log;
    IssuerKeys issuer{k_url, http, clock, log.log()};

    void publish(const std::vector<std::string>& key_ids)
    {
        answer = HttpReply{.status = 200, .body = jwks_of(key_ids)};
    }

    void fall_silent() { answer = Error{Errc::timed_out, "no answer in time"}; }
};

TEST_CASE_METHOD(Fixture, "the keys are fetched once and then at hand")
{
    const SharedJwkSet first = issuer.keys().value();
    const SharedJwkSet second = issuer.keys().value();

    CHECK(first->at(0).id == "k-1");
    CHECK(first == second);
    REQUIRE(http.calls().size() == 1);
    CHECK(http.calls()[0].url == k_url);
    CHECK(http.calls()[0].timeout == 3s);
    CHECK(http.calls()[0].max_body_bytes == 256U << 10U);
}

TEST_CASE_METHOD(Fixture, "the keys are kept fresh, and asked for more often while that fails")
{
    std::stop_source stop;
    std::vector<std::chrono::milliseconds> times;
    testing::ScriptedHttpClient client{[&](const HttpCall&) -> Result<HttpReply> {
        times.push_back(
            std::chrono::duration_cast<std::chrono::milliseconds>(clock.now().time_since_epoch())
        );
        if (times.size() == 4) {
            stop.request_stop();
        }
        return times.size() == 2 ? Error{Errc::unavailable, "refused"} : answer;
    }};
    IssuerKeys kept{k_url, client, clock, log.log()};

    kept.keep_fresh(stop.get_token());

    CHECK(times == std::vector<std::chrono::milliseconds>{0s, 600s, 610s, 1210s});
}

TEST_CASE_METHOD(Fixture, "keys that did not change are the same object, and new ones another")
{
    const SharedJwkSet first = issuer.keys().value();
    clock.advance(10s);
    CHECK(issuer.newer_than(first).value() == first);

    publish({"k-1", "k-2"});
    clock.advance(10s);
    const SharedJwkSet second = issuer.newer_than(first).value();

    CHECK(second != first);
    CHECK(second->size() == 2);
    CHECK(issuer.newer_than(first).value() == second);
    CHECK(http.calls().size() == 3);
}

TEST_CASE_METHOD(Fixture, "made-up keys do not become the issuer's load")
{
    const SharedJwkSet first = issuer.keys().value();
    for (int i = 0; i < 100; ++i) {
        CHECK(issuer.newer_than(first).value() == first);
        clock.advance(100ms);
    }
    CHECK(http.calls().size() == 1);

    CHECK(issuer.newer_than(first).value() == first);
    CHECK(http.calls().size() == 2);
}

TEST_CASE_METHOD(Fixture, "the last keys are used while the issuer is silent, for an hour")
{
    const SharedJwkSet first = issuer.keys().value();
    fall_silent();
    clock.advance(59min);
    CHECK(issuer.newer_than(first).error().code == Errc::unavailable);
    CHECK(issuer.keys().value() == first);
    CHECK_THAT(log.lines().back(), Contains("no answer in time") && Contains(k_url));

    clock.advance(1min);
    CHECK(issuer.keys().error().code == Errc::unavailable);

    publish({"k-2"});
    CHECK(issuer.keys().error().code == Errc::unavailable);
    CHECK(http.calls().size() == 3);
    clock.advance(10s);
    CHECK(issuer.keys().value()->at(0).id == "k-2");
}

TEST_CASE_METHOD(Fixture, "what is no set of keys counts as no answer")
{
    answer = GENERATE(
        Result<HttpReply>{HttpReply{.status = 302, .body = jwks_of({"k-1"})}},
        Result<HttpReply>{HttpReply{.status = 503, .body = jwks_of({"k-1"})}},
        Result<HttpReply>{HttpReply{.status = 200, .body = "<html>"}},
        Result<HttpReply>{Error{Errc::limit_exceeded, "too large"}}
    );

    CHECK(issuer.keys().error().code == Errc::unavailable);
    CHECK(issuer.keys().error().code == Errc::unavailable);
    CHECK(http.calls().size() == 1);
}

/// A client whose answer the test holds back.
struct SlowFixture : Fixture {
    std::promise<void> asked;
    std::promise<void> answered;
    testing::ScriptedHttpClient slow{[this](const HttpCall&) {
        asked.set_value();
        answered.get_future().wait();
        return answer;
    }};
};

TEST_CASE_METHOD(SlowFixture, "many that want the keys at once are one question to the issuer")
{
    IssuerKeys keys{k_url, slow, clock, log.log()};
    std::vector<std::future<Result<SharedJwkSet>>> threads;
    const auto start = [&] {
        threads.push_back(std::async(std::launch::async, [&] { return keys.keys(); }));
    };
    start();
    asked.get_future().wait();
    start();
    start();
    answered.set_value();

    for (auto& thread : threads) {
        CHECK(thread.get().value()->at(0).id == "k-1");
    }
    CHECK(slow.calls().size() == 1);
}

TEST_CASE_METHOD(SlowFixture, "no more than a few threads wait for the issuer")
{
    IssuerKeys keys{k_url, slow, clock, log.log(), {.most_waiting = 0}};
    auto first = std::async(std::launch::async, [&] { return keys.keys(); });
    asked.get_future().wait();

    CHECK(keys.keys().error().code == Errc::unavailable);

    answered.set_value();
    CHECK(first.get().has_value());
}

TEST_CASE_METHOD(SlowFixture, "who has keys does not wait while others are asked for")
{
    bool first = true;
    testing::ScriptedHttpClient slower{[&](const HttpCall& call) {
        return std::exchange(first, false) ? answer : slow.send(call, {});
    }};
    IssuerKeys keys{k_url, slower, clock, log.log()};
    const SharedJwkSet known = keys.keys().value();
    clock.advance(10s);
    auto other = std::async(std::launch::async, [&] { return keys.newer_than(known); });
    asked.get_future().wait();

    CHECK(keys.keys().value() == known);

    answered.set_value();
    CHECK(other.get().value() == known);
}

}  // namespace
}  // namespace libra
