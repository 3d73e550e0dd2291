#include "deploy-worker/targets/site_sweep.hpp"

#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace std::chrono_literals;

namespace libra {
namespace {

namespace fs = std::filesystem;

using testing::ScratchTree;

const UtcTime k_now =
    std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());

void link_host(const ScratchTree& root, const std::string& host, const std::string& release)
{
    fs::create_directories(root.path() / host);
    fs::create_symlink("../.releases/" + release, root.path() / host / "current");
}

TEST_CASE("releases are listed without what is being made or removed")
{
    const ScratchTree root;
    for (const char* name : {"a-1", "b-1", ".new-c-1-Ab12Cd", ".old-a-1", ".gone-d-1"}) {
        root.write(std::string{name} + "/index.html", "");
    }

    auto names = list_releases(root.path()).value();
    std::sort(names.begin(), names.end());

    CHECK(names == std::vector<std::string>{"a-1", "b-1"});
    CHECK(list_releases(root.path() / "none")->empty());
}

TEST_CASE("a release that is discarded is gone, also after a removal that was interrupted")
{
    const ScratchTree root;
    root.write("a-1/deep/er/file", "");
    root.write(".gone-a-1/half", "");

    CHECK(discard_tree(root.path() / "a-1").has_value());
    CHECK(discard_tree(root.path() / "a-1").has_value());

    CHECK(fs::is_empty(root.path()));
}

TEST_CASE("half-made things are cleared once they are old, half-removed ones at once")
{
    const ScratchTree root;
    for (const char* name : {"a-1", ".new-c-1-Ab12Cd", ".old-a-1", ".gone-d-1"}) {
        root.write(std::string{name} + "/index.html", "");
    }

    REQUIRE(clear_half_made(root.path(), k_now - 24h, {}).has_value());
    CHECK_FALSE(fs::exists(root.path() / ".gone-d-1"));
    CHECK(fs::exists(root.path() / ".new-c-1-Ab12Cd"));

    REQUIRE(clear_half_made(root.path(), k_now + 24h, {}).has_value());
    CHECK(list_releases(root.path()).value() == std::vector<std::string>{"a-1"});
    CHECK_FALSE(fs::exists(root.path() / ".new-c-1-Ab12Cd"));
    CHECK_FALSE(fs::exists(root.path() / ".old-a-1"));
}

TEST_CASE("previews that lead nowhere are removed, everything else stays")
{
    const ScratchTree root;
    root.write(".releases/a-1/index.html", "");
    link_host(root, "shop--old.sites.example", "gone-1");
    link_host(root, "shop--new.sites.example", "a-1");
    link_host(root, "shop.sites.example", "gone-1");
    link_host(root, "shop--ticket.sites.example", "gone-1");
    root.write("shop--ticket.sites.example/ticket", "7");

    REQUIRE(remove_dead_previews(root.path(), {}).has_value());

    CHECK_FALSE(fs::exists(root.path() / "shop--old.sites.example"));
    CHECK(fs::exists(root.path() / "shop--new.sites.example/current"));
    CHECK(fs::is_symlink(root.path() / "shop.sites.example/current"));
    CHECK_FALSE(fs::is_symlink(root.path() / "shop--ticket.sites.example/current"));
    CHECK(root.read("shop--ticket.sites.example/ticket") == "7");
}

}  // namespace
}  // namespace libra
