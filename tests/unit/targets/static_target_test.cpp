#include "deploy-worker/targets/static_target.hpp"

#include "shared/domain/rules.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scratch_tree.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <catch2/catch.hpp>

#include <deque>

using namespace std::chrono_literals;

namespace libra {
namespace {

namespace fs = std::filesystem;

using testing::FakeClock;
using testing::ScratchTree;
using testing::ScriptedHttpClient;

const std::string k_id(32, 'a');
const std::string k_preview = preview_label("shop", k_id) + ".sites.example";

struct Bench {
    Bench() { artifact.write("index.html", "<h1>one</h1>"); }

    ReleaseSpec release(const std::string& id = k_id) const
    {
        return {.deployment_id = id, .site_label = "shop", .artifact = artifact.path()};
    }

    fs::path link(const std::string& host) const
    {
        std::error_code failed;
        return fs::read_symlink(root.path() / host / "current", failed);
    }

    ScratchTree artifact;
    ScratchTree root;
    FakeClock clock;
    Result<HttpReply> answer{HttpReply{.status = 200, .body = "<h1>one</h1>"}};
    ScriptedHttpClient client{[this](const HttpCall&) { return answer; }};
    StaticTarget target{
        {.sites_root = root.path(),
         .domain = "sites.example",
         .public_port = 8080,
         .probe_url = "http://127.0.0.1:9"},
        client,
        clock};
};

TEST_CASE("an upload is reachable under its preview address and nowhere else")
{
    Bench bench;

    const auto address = bench.target.upload(bench.release());

    REQUIRE(address.has_value());
    CHECK(address->url == "http://shop.sites.example:8080/");
    CHECK(address->preview_url == "http://" + k_preview + ":8080/");
    CHECK(bench.root.read(k_preview + "/current/index.html") == "<h1>one</h1>");
    CHECK(bench.link(k_preview).is_relative());
    CHECK_FALSE(fs::exists(bench.root.path() / "shop.sites.example"));
}

TEST_CASE("the usual port of the scheme is not written out")
{
    Bench bench;
    StaticTarget target{
        {.sites_root = bench.root.path(),
         .domain = "d.example",
         .scheme = "https",
         .public_port = 443},
        bench.client,
        bench.clock};

    CHECK(target.upload(bench.release())->url == "https://shop.d.example/");
}

TEST_CASE("going live points the project's host and the custom domain to the release")
{
    Bench bench;
    ReleaseSpec release = bench.release();
    release.custom_domain = "www.shop.example";
    REQUIRE(bench.target.upload(release).has_value());

    REQUIRE(bench.target.make_live(release).has_value());
    REQUIRE(bench.target.make_live(release).has_value());

    CHECK(bench.root.read("shop.sites.example/current/index.html") == "<h1>one</h1>");
    CHECK(bench.root.read("www.shop.example/current/index.html") == "<h1>one</h1>");
}

TEST_CASE("a later release takes the place of the live one, which stays as it was")
{
    Bench bench;
    const ReleaseSpec first = bench.release();
    REQUIRE(bench.target.upload(first).has_value());
    REQUIRE(bench.target.make_live(first).has_value());
    bench.artifact.write("index.html", "<h1>two</h1>");
    const ReleaseSpec second = bench.release(std::string(32, 'b'));

    REQUIRE(bench.target.upload(second).has_value());
    CHECK(bench.root.read("shop.sites.example/current/index.html") == "<h1>one</h1>");

    REQUIRE(bench.target.make_live(second).has_value());
    CHECK(bench.root.read("shop.sites.example/current/index.html") == "<h1>two</h1>");
    CHECK(bench.root.read(k_preview + "/current/index.html") == "<h1>one</h1>");
}

TEST_CASE("a release that was not uploaded cannot go live")
{
    Bench bench;

    CHECK(bench.target.make_live(bench.release()).error().code == Errc::not_found);
    CHECK(bench.link("shop.sites.example").empty());
}

TEST_CASE("an upload that crashed half-way is done again from the start")
{
    Bench bench;
    bench.root.write(".releases/.new-" + k_id + "-Ab12Cd/index.html", "<h1>ha");

    REQUIRE(bench.target.upload(bench.release()).has_value());

    CHECK(bench.root.read(k_preview + "/current/index.html") == "<h1>one</h1>");
    CHECK_FALSE(fs::exists(bench.root.path() / ".releases" / (".new-" + k_id + "-Ab12Cd")));
}

TEST_CASE("a finished upload is not copied again")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    const fs::path page = bench.root.path() / ".releases" / k_id / "index.html";
    const fs::path witness = bench.root.path() / "witness";
    fs::create_hard_link(page, witness);

    REQUIRE(bench.target.upload(bench.release()).has_value());

    CHECK(fs::equivalent(page, witness));
}

TEST_CASE("another attempt's different files replace an upload that is not live")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    bench.artifact.write("index.html", "<h1>second attempt</h1>");

    REQUIRE(bench.target.upload(bench.release()).has_value());

    CHECK(bench.root.read(k_preview + "/current/index.html") == "<h1>second attempt</h1>");
}

TEST_CASE("a release that is live is never changed")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    REQUIRE(bench.target.make_live(bench.release()).has_value());
    bench.artifact.write("index.html", "<h1>second attempt</h1>");

    REQUIRE(bench.target.upload(bench.release()).has_value());

    CHECK(bench.root.read("shop.sites.example/current/index.html") == "<h1>one</h1>");
}

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
        {.sites_root = bench.root.path(), .domain = "sites.example"}, client, bench.clock};

    CHECK(target.verify(bench.release(), bench.clock.now() + 10s, {}).has_value());
    CHECK(answers.empty());
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

TEST_CASE("a name that would leave the root is refused")
{
    Bench bench;
    ReleaseSpec release = bench.release();
    SECTION("an id")
    {
        release.deployment_id = "../x";
    }
    SECTION("a hidden id")
    {
        release.deployment_id = ".releases";
    }
    SECTION("a label")
    {
        release.site_label = "a/b";
    }
    SECTION("a domain")
    {
        release.custom_domain = "../../etc";
    }
    SECTION("nothing")
    {
        release.site_label = "";
    }

    CHECK(bench.target.upload(release).error().code == Errc::invalid_input);
    CHECK(bench.target.make_live(release).error().code == Errc::invalid_input);
}

TEST_CASE("a root that cannot be written is unavailable, with the reason")
{
    Bench bench;
    bench.root.write("blocked", "");
    StaticTarget target{{.sites_root = bench.root.path() / "blocked"}, bench.client, bench.clock};

    const auto address = target.upload(bench.release());

    REQUIRE(address.has_error());
    CHECK(address.error().code == Errc::unavailable);
    CHECK(address.error().detail.find("Not a directory") != std::string::npos);
}

}  // namespace
}  // namespace libra
