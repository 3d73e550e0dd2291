#include "deploy-worker/build/rule_report.hpp"

#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("a site without rules is told nothing")
{
    const testing::ScratchTree site;
    site.write("docs/_redirects", "/a /b");

    CHECK(rule_report(site.path()).value().empty());
}

TEST_CASE("a site is told how many rules it has, and which lines do not count")
{
    const testing::ScratchTree site;
    site.write("_headers", "/*\n  X-A: 1\n  Server: mine\n");
    site.write("_redirects", "/a /b\n/c /d\n");

    CHECK(
        rule_report(site.path()).value() ==
        Lines{
            "_headers: 1 rule.",
            "Warning: _headers line 3: `Server: mine` is left out: Server cannot be set by a site.",
            "_redirects: 2 rules.",
        }
    );
}

TEST_CASE("a site is told of redirects that lead round in a circle, once each")
{
    const testing::ScratchTree site;
    site.write(
        "_redirects",
        "/l1 /l2\n/l2 /l1#top\n"         // a circle
        "/in /l1\n"                      // leads into it
        "/a /b\n/b /c\n/c /end\n"        // ends
        "/p /q\n/q /p 200\n"             // a page
        "/s /t?x=1\n/t x=1 /end\n/t /s"  // depends on the query
    );

    CHECK(
        rule_report(site.path()).value() ==
        Lines{
            "_redirects: 11 rules.",
            "Warning: _redirects line 1: `/l1 -> /l2 -> /l1` leads round in a circle, which "
            "browsers "
            "give up on.",
        }
    );
}

TEST_CASE("of many mistakes the first are told")
{
    const testing::ScratchTree site;
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += "nonsense\n";
    }
    site.write("_redirects", text);

    const Lines lines = rule_report(site.path()).value();

    CHECK(lines.size() == 22);
    CHECK(lines.back() == "Warning: _redirects: 980 more lines like these.");
}

}  // namespace
}  // namespace libra
