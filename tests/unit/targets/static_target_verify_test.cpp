#include "deploy-worker/targets/static_target.hpp"
#include "tests/unit/targets/static_target_bench.hpp"

#include <catch2/catch.hpp>

#include <deque>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::k_id;
using testing::k_preview;
using testing::ScriptedHttpClient;
using Bench = testing::StaticTargetBench;

TEST_CASE("verify asks the server for the preview host")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());

    const auto verified = bench.target.verify(bench.release(), bench.clock.now() + 10s, {});

    REQUIRE(verified.has_value());
    REQUIRE(bench.client.calls().size() == 1);
    CHECK(bench.client.calls()[0].url == "http://127.0.0.1:9/");
    CHECK(bench.client.calls()[0].headers.at(0).name == "Host");
    CHECK(bench.client.calls()[0].headers.at(0).value == k_preview);
}

TEST_CASE("verify waits until the server answers with the release's own page")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    std::deque<Result<HttpReply>> answers{
        Error{Errc::unavailable, "refused"},
        HttpReply{.status = 404, .body = "<h1>one</h1>"},
        HttpReply{.status = 200, .body = "<h1>another</h1>"},
        HttpReply{.status = 200, .body = "<h1>one</h1>"},
    };
    ScriptedHttpClient client{[&](const HttpCall&) {
        Result<HttpReply> answer = answers.front();
        answers.pop_front();
        return answer;
    }};
    StaticTarget target{
        {.sites_root = bench.root.path(), .sites = {.domain = "sites.example"}},
        client,
        bench.clock};

    CHECK(target.verify(bench.release(), bench.clock.now() + 10s, {}).has_value());
    CHECK(answers.empty());
}

TEST_CASE("verify does not wait long for a server that refuses connections")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    bench.answer = Error{Errc::unavailable, "refused"};
    const Instant begun = bench.clock.now();

    const auto verified = bench.target.verify(bench.release(), begun + 120s, {});

    REQUIRE(verified.has_error());
    CHECK(verified.error().code == Errc::unavailable);
    CHECK_THAT(verified.error().detail, Catch::Contains("refused"));
    CHECK(bench.clock.now() - begun >= 15s);
    CHECK(bench.clock.now() - begun < 20s);
}

TEST_CASE("verify is patient with a server that answers, however slowly or wrongly")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    int calls = 0;
    const Result<HttpReply> other = GENERATE(
        Result<HttpReply>{Error{Errc::timed_out, "slow"}},
        Result<HttpReply>{HttpReply{.status = 502}}
    );
    ScriptedHttpClient client{[&](const HttpCall&) -> Result<HttpReply> {
        constexpr int k_every_tenth = 10;
        return ++calls % k_every_tenth == 0 ? other : Error{Errc::unavailable, "refused"};
    }};
    StaticTarget target{
        {.sites_root = bench.root.path(), .sites = {.domain = "sites.example"}},
        client,
        bench.clock};
    const Instant deadline = bench.clock.now() + 120s;

    const auto verified = target.verify(bench.release(), deadline, {});

    REQUIRE(verified.has_error());
    CHECK(verified.error().code == Errc::timed_out);
    CHECK(bench.clock.now() >= deadline - 1s);
}

TEST_CASE("verify gives up at its deadline and says what it got")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    bench.answer = HttpReply{.status = 502};
    const Instant deadline = bench.clock.now() + 10s;

    const auto verified = bench.target.verify(bench.release(), deadline, {});

    REQUIRE(verified.has_error());
    CHECK(verified.error().code == Errc::timed_out);
    CHECK(verified.error().detail.find("status 502") != std::string::npos);
    CHECK(bench.clock.now() <= deadline);
}

TEST_CASE("verify ends when it is stopped")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    bench.answer = Error{Errc::unavailable, "refused"};
    std::stop_source source;
    source.request_stop();

    const auto verified =
        bench.target.verify(bench.release(), bench.clock.now() + 10s, source.get_token());

    CHECK(verified.error().code == Errc::cancelled);
}

TEST_CASE("verify of a release that is not there is not found")
{
    Bench bench;

    CHECK(bench.target.verify(bench.release(), {}, {}).error().code == Errc::not_found);
}

}  // namespace
}  // namespace libra
