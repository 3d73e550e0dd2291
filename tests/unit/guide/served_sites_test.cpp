#include "site-rules/guide/served_sites.hpp"

#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

namespace fs = std::filesystem;

using testing::ScratchTree;

struct Bench {
    void serve(const std::string& host, const std::string& target) const
    {
        fs::create_directories(root.path() / host);
        fs::remove(root.path() / host / "current");
        fs::create_symlink(target, root.path() / host / "current");
    }

    ScratchTree root;
    ServedSites sites{root.path()};
};

TEST_CASE("a host serves the release its link leads to, from one moment to the next")
{
    Bench bench;
    bench.root.write(".releases/a-1/_redirects", "/x /a");
    bench.root.write(".releases/b-1/index.html", "");
    const auto asks = [&] {
        const auto release = bench.sites.find("shop.example");
        return release ? release->name : "nothing";
    };

    CHECK(asks() == "nothing");
    bench.serve("shop.example", "../.releases/a-1");
    CHECK(asks() == "a-1");
    CHECK_FALSE(bench.sites.find("shop.example")->redirects.empty());
    bench.serve("shop.example", "../.releases/b-1");
    CHECK(asks() == "b-1");
    bench.serve("shop.example", "../.releases/gone-1");
    CHECK(asks() == "nothing");
}

TEST_CASE("no host name leads anywhere but to a release")
{
    Bench bench;
    bench.root.write(".releases/a-1/index.html", "");
    bench.root.write("elsewhere/a-1/index.html", "");
    for (const char* target : {"../elsewhere/a-1", "/etc", "../.releases", "../.releases/.."}) {
        CAPTURE(target);
        bench.serve("shop.example", target);
        CHECK_FALSE(bench.sites.find("shop.example"));
    }
    bench.serve("shop.example", "../.releases/a-1");
    CHECK(bench.sites.find("shop.example"));
    for (const char* host :
         {"", ".", "..", "../shop.example", ".releases", "a..b", "-a", "A.b", "a/b"}) {
        CAPTURE(host);
        CHECK_FALSE(bench.sites.find(host));
    }
}

TEST_CASE("rules that are no regular file are none")
{
    Bench bench;
    bench.root.write("secret", "/x /y");
    bench.root.write(".releases/a-1/_headers/file", "");
    fs::create_symlink("../../secret", bench.root.path() / ".releases/a-1/_redirects");
    bench.serve("shop.example", "../.releases/a-1");

    CHECK(bench.sites.find("shop.example")->redirects.empty());
    CHECK(bench.sites.find("shop.example")->headers.empty());
}

TEST_CASE("a release shows a file, a page without its extension, and the index of a folder")
{
    Bench bench;
    for (const char* file : {"a.html", "b/index.html", "c.txt", ".env", "\xC3\xA9.html"}) {
        bench.root.write(std::string{".releases/a-1/"} + file, "");
    }
    bench.serve("shop.example", "../.releases/a-1");
    const auto release = bench.sites.find("shop.example");

    for (const char* path : {"/a", "/a.html", "/b", "/b/", "/c.txt", "/%63.txt", "/%C3%A9"}) {
        CAPTURE(path);
        CHECK(release->shows(path));
    }
    for (const char* path :
         {"/", "/c", "/a/", "/.env", "/b/../a.html", "/%2e%2e/x", "a", "/a%00", ""}) {
        CAPTURE(path);
        CHECK_FALSE(release->shows(path));
    }
}

}  // namespace
}  // namespace libra
