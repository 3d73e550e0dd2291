#include "deploy-worker/targets/static_target.hpp"

#include "deploy-worker/targets/ticket_file.hpp"
#include "shared/domain/rules.hpp"
#include "tests/unit/targets/static_target_bench.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

namespace fs = std::filesystem;

using testing::k_id;
using testing::k_other_id;
using testing::k_preview;
using testing::ScratchTree;
using Bench = testing::StaticTargetBench;

TEST_CASE("the folder that the static host knows its own by is there before the first upload")
{
    const Bench bench;

    CHECK(fs::is_directory(bench.root.path() / ".releases"));
}

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
         .sites = {.scheme = "https", .domain = "d.example", .port = 443}},
        bench.client,
        bench.clock};

    CHECK(target.upload(bench.release())->url == "https://shop.d.example/");
}

TEST_CASE("going live points the project's host and the custom domain to the release")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    SiteSwitch site = Bench::site(1);
    site.domains = {"www.shop.example"};

    REQUIRE(bench.target.switch_to(site).has_value());
    REQUIRE(bench.target.switch_to(site).has_value());

    CHECK(bench.root.read("shop.sites.example/current/index.html") == "<h1>one</h1>");
    CHECK(bench.root.read("www.shop.example/current/index.html") == "<h1>one</h1>");
}

TEST_CASE("a later release takes the place of the live one, which stays as it was")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    REQUIRE(bench.target.switch_to(Bench::site(1)).has_value());
    bench.build("<h1>two</h1>");

    REQUIRE(bench.target.upload(bench.release(k_other_id)).has_value());
    CHECK(bench.root.read("shop.sites.example/current/index.html") == "<h1>one</h1>");

    REQUIRE(bench.target.switch_to(Bench::site(2, k_other_id)).has_value());
    CHECK(bench.root.read("shop.sites.example/current/index.html") == "<h1>two</h1>");
    CHECK(bench.root.read(k_preview + "/current/index.html") == "<h1>one</h1>");
}

TEST_CASE("a release that was not uploaded cannot go live")
{
    Bench bench;

    CHECK_FALSE(bench.target.has(k_id + "-1"));
    CHECK(bench.target.switch_to(Bench::site(1)).error().code == Errc::not_found);
    CHECK(bench.link("shop.sites.example").empty());
}

TEST_CASE("a release that is gone is not made anew of nothing")
{
    Bench bench;
    ReleaseSpec kept = bench.release();
    kept.files.clear();

    CHECK(bench.target.upload(kept).error().code == Errc::not_found);

    CHECK_FALSE(bench.target.has(kept.name));
    CHECK(bench.link(k_preview).empty());
}

TEST_CASE("uploads are listed, removed, and tidied up after")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    REQUIRE(bench.target.upload(bench.release(k_other_id)).has_value());
    CHECK(bench.target.uploads()->size() == 2);

    CHECK(bench.target.remove(k_id + "-1").has_value());
    CHECK(bench.target.remove(k_id + "-1").has_value());
    REQUIRE(bench.target.tidy({}).has_value());

    CHECK(bench.target.uploads().value() == std::vector<std::string>{k_other_id + "-1"});
    CHECK_FALSE(fs::exists(bench.root.path() / k_preview));
    CHECK(bench.target.remove("..").error().code == Errc::invalid_input);
}

TEST_CASE("a switch that comes after a later one changes nothing")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    REQUIRE(bench.target.upload(bench.release(k_other_id)).has_value());
    REQUIRE(bench.target.switch_to(Bench::site(2, k_other_id)).has_value());
    const fs::path live = bench.link("shop.sites.example");

    const auto switched = bench.target.switch_to(Bench::site(1));

    REQUIRE(switched.has_error());
    CHECK(switched.error().code == Errc::conflict);
    CHECK(bench.link("shop.sites.example") == live);
}

TEST_CASE("no host is switched unless every host may be")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    SiteSwitch later = Bench::site(9);
    later.site_label = "other";
    later.domains = {"www.shop.example"};
    REQUIRE(bench.target.switch_to(later).has_value());
    SiteSwitch site = Bench::site(1);
    site.domains = {"www.shop.example"};

    CHECK(bench.target.switch_to(site).error().code == Errc::conflict);

    CHECK(bench.link("shop.sites.example").empty());
}

TEST_CASE("a switch waits for another process that is at it, and gives up in time")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    const fs::path file = bench.root.path() / "shop.sites.example" / "ticket";
    const Instant begun = bench.clock.now();
    {
        const auto held = TicketFile::lock(file, bench.clock);
        REQUIRE(held.has_value());

        CHECK(bench.target.switch_to(Bench::site(1)).error().code == Errc::unavailable);
    }

    CHECK(bench.clock.now() - begun >= 2s);
    CHECK(bench.target.switch_to(Bench::site(1)).has_value());
}

TEST_CASE("a site of which nothing is live serves nothing")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    REQUIRE(bench.target.switch_to(Bench::site(1)).has_value());

    const SiteSwitch nothing{.site_label = "shop", .ticket = 1};
    REQUIRE(bench.target.switch_to(nothing).has_value());
    REQUIRE(bench.target.switch_to(nothing).has_value());

    CHECK_FALSE(fs::exists(fs::symlink_status(bench.root.path() / "shop.sites.example" / "current"))
    );
}

TEST_CASE("a single name can be switched, a label below the platform's domain and a custom domain")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    const NameSwitch domain{.name = "www.shop.example", .ticket = 1, .release_name = k_id + "-1"};

    REQUIRE(bench.target.switch_name(domain).has_value());
    REQUIRE(bench.target.switch_name({.name = "shop", .ticket = 2, .release_name = k_id + "-1"})
                .has_value());
    CHECK(bench.root.read("www.shop.example/current/index.html") == "<h1>one</h1>");
    CHECK(bench.root.read("shop.sites.example/current/index.html") == "<h1>one</h1>");

    REQUIRE(bench.target.switch_name({.name = "www.shop.example", .ticket = 3}).has_value());
    CHECK(bench.link("www.shop.example").empty());
    CHECK(bench.target.switch_name(domain).error().code == Errc::conflict);
    CHECK(bench.link("www.shop.example").empty());
}

TEST_CASE("a preview is a name like any other and can be taken down")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());

    REQUIRE(bench.target.switch_name({.name = preview_label("shop", k_id), .ticket = 1}).has_value()
    );

    CHECK(bench.link(k_preview).empty());
}

TEST_CASE("a single name is checked as those of a site are")
{
    Bench bench;

    CHECK(
        bench.target.switch_name({.name = "../up", .ticket = 1}).error().code == Errc::invalid_input
    );
    CHECK(
        bench.target.switch_name({.name = "a.example", .ticket = 1, .release_name = "none"})
            .error()
            .code == Errc::not_found
    );
}

TEST_CASE("a ticket file that cannot be read or written is unavailable")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    fs::create_directories(bench.root.path() / "shop.sites.example" / "ticket");

    CHECK(bench.target.switch_to(Bench::site(1)).error().code == Errc::unavailable);
}

TEST_CASE("an upload that crashed half-way is done again from the start")
{
    Bench bench;
    const std::string unfinished = ".new-" + k_id + "-1-Ab12Cd";
    bench.root.write(".releases/" + unfinished + "/index.html", "<h1>ha");

    REQUIRE(bench.target.upload(bench.release()).has_value());

    CHECK(bench.root.read(k_preview + "/current/index.html") == "<h1>one</h1>");
    CHECK_FALSE(fs::exists(bench.root.path() / ".releases" / unfinished));
}

TEST_CASE("a finished upload is not copied again")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    const fs::path page = bench.root.path() / ".releases" / (k_id + "-1") / "index.html";
    const fs::path witness = bench.root.path() / "witness";
    fs::create_hard_link(page, witness);
    ReleaseSpec resumed = bench.release();
    resumed.files.clear();

    CHECK(bench.target.has(resumed.name));
    REQUIRE(bench.target.upload(resumed).has_value());

    CHECK(fs::equivalent(page, witness));
}

TEST_CASE("another attempt's upload leaves the one before as it was")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    REQUIRE(bench.target.switch_to(Bench::site(1)).has_value());
    bench.build("<h1>second attempt</h1>");
    ReleaseSpec second = bench.release();
    second.name = k_id + "-2";

    REQUIRE(bench.target.upload(second).has_value());

    CHECK(bench.root.read(k_preview + "/current/index.html") == "<h1>second attempt</h1>");
    CHECK(bench.root.read("shop.sites.example/current/index.html") == "<h1>one</h1>");
}

TEST_CASE("a name that would leave the root is refused")
{
    Bench bench;
    REQUIRE(bench.target.upload(bench.release()).has_value());
    ReleaseSpec release = bench.release();
    SiteSwitch site = Bench::site(1);
    SECTION("a release's name")
    {
        release.name = "../x";
        site.release_name = "../x";
    }
    SECTION("a hidden name")
    {
        release.name = ".releases";
        site.release_name = ".releases";
    }
    SECTION("a label")
    {
        release.site_label = "a/b";
        site.site_label = "a/b";
    }
    SECTION("nothing")
    {
        release.site_label = "";
        site.site_label = "";
    }
    SECTION("an id or a domain")
    {
        release.deployment_id = "..";
        site.domains = {"../../etc"};
    }

    CHECK(bench.target.upload(release).error().code == Errc::invalid_input);
    CHECK(bench.target.switch_to(site).error().code == Errc::invalid_input);
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
