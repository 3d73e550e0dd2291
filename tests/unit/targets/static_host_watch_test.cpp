#include "deploy-worker/targets/static_host_watch.hpp"

#include "tests/support/recording_log.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

namespace libra {
namespace {

using Catch::Contains;

/// A static host that answers each name as the test says.
struct Watched {
    std::map<std::string, Result<HttpReply>> answers{
        {"static-host.invalid", HttpReply{.status = 404}},
        {"site-rules.invalid", HttpReply{.status = 404}}};
    testing::ScriptedHttpClient client{
        [this](const HttpCall& call) { return answers.at(call.headers.at(0).value); }};
    testing::RecordingLog log;
    StaticHostWatch watch{client, "http://static-host:8080", log.log()};

    bool up(std::string_view part) const
    {
        const auto readings = watch.readings();
        const auto found =
            std::find_if(readings.begin(), readings.end(), [&](const StaticHostReading& reading) {
                return reading.part == part;
            });
        return found->up;
    }
};

TEST_CASE("nothing is known of the static host before it was asked")
{
    const Watched watched;

    CHECK(watched.watch.readings().empty());
}

TEST_CASE("a static host that knows no site of a name nobody owns is well")
{
    Watched watched;

    watched.watch.look({});

    CHECK(watched.up("files"));
    CHECK(watched.up("rules"));
    CHECK(watched.client.calls().at(0).url == "http://static-host:8080/");
    CHECK(watched.log.lines().empty());
}

TEST_CASE("a static host that nobody reaches serves nothing, and that is an error of the log, once")
{
    Watched watched;
    watched.answers.at("static-host.invalid") = Error{Errc::unavailable, "connection refused"};

    watched.watch.look({});
    watched.watch.look({});

    CHECK_FALSE(watched.up("files"));
    REQUIRE(watched.log.lines().size() == 1);
    CHECK_THAT(watched.log.lines()[0], Contains("sites are not served"));
    CHECK_THAT(watched.log.lines()[0], Contains("connection refused"));
    CHECK_THAT(watched.log.lines()[0], Contains(R"("level":"error")"));
}

TEST_CASE("rules that are away are told from a static host that is")
{
    Watched watched;
    watched.answers.at("site-rules.invalid") = HttpReply{.status = 502};

    watched.watch.look({});

    CHECK(watched.up("files"));
    CHECK_FALSE(watched.up("rules"));
    CHECK_THAT(watched.log.lines().at(0), Contains("it answered 502"));
}

TEST_CASE("it is said when sites are served again")
{
    Watched watched;
    watched.answers.at("static-host.invalid") = Error{Errc::timed_out, "no answer"};
    watched.watch.look({});
    watched.answers.at("static-host.invalid") = HttpReply{.status = 404};

    watched.watch.look({});

    CHECK(watched.up("files"));
    CHECK_THAT(watched.log.lines().back(), Contains("sites are served again"));
}

TEST_CASE("a look that was interrupted tells nothing")
{
    Watched watched;
    watched.answers.at("static-host.invalid") = Error{Errc::cancelled, "stopped"};
    std::stop_source stop;
    stop.request_stop();

    watched.watch.look(stop.get_token());

    CHECK(watched.watch.readings().empty());
    CHECK(watched.log.lines().empty());
}

}  // namespace
}  // namespace libra
