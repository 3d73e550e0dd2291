#include "shared/site_rules/redirect_rules.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace libra {
namespace {

using Catch::Matchers::Contains;

struct Site {
    explicit Site(std::string_view text)
        : rules{RedirectRules::parse(text, all)}, warnings{all.listed()}
    {
    }

    /// `STATUS TARGET`, or nothing.
    std::string
    operator()(std::string_view path, std::string_view query = "", bool exists = false) const
    {
        const auto outcome = rules.find(path, query, [&] { return exists; });
        return outcome ? fmt::format("{} {}", outcome->status, outcome->target) : "";
    }

    RuleWarnings all{};
    RedirectRules rules;
    std::vector<RuleWarning> warnings;
};

TEST_CASE("a redirect has the status that is written, and 302 without one")
{
    const Site site{"# moved\n/a /b\n/c /d 301\n\n  /e  https://x.example/f#g   308  # why\r\n"};

    CHECK(site("/a") == "302 /b");
    CHECK(site("/c") == "301 /d");
    CHECK(site("/e") == "308 https://x.example/f#g");
    CHECK(site("/b").empty());
    CHECK(site.warnings.empty());
}

TEST_CASE("the first rule that matches wins, whatever kind it is")
{
    const Site site{"/a/x /1\n/a/* /2\n/a/y /3\n/:p/z /4"};

    CHECK(site("/a/x") == "302 /1");
    CHECK(site("/a/y") == "302 /2");
    CHECK(site("/a/z") == "302 /2");
    CHECK(site("/b/z") == "302 /4");
}

TEST_CASE("placeholders and splats are carried over")
{
    const Site site{
        "/blog/:year/:slug /posts/:slug-:year 301\n/old/* https://new.example/:splat?from=old 301"};

    CHECK(site("/blog/2020/hello") == "301 /posts/hello-2020");
    CHECK(site("/old/a/b", "q=1") == "301 https://new.example/a/b?from=old");
}

TEST_CASE("a query is kept unless the rule brings its own")
{
    const Site site{"/a /b#c\n/d /e?f=1\n/g https://h.example/i#j"};

    CHECK(site("/a", "x=1&y") == "302 /b?x=1&y#c");
    CHECK(site("/d", "x=1") == "302 /e?f=1");
    CHECK(site("/g", "x=1") == "302 https://h.example/i?x=1#j");
}

TEST_CASE("a rule may ask for parameters of the query")
{
    const Site site{"/store id=:id lang=en /blog/:id 301\n/store id=7 /seven\n/store /shop"};

    CHECK(site("/store", "lang=en&id=a/b%20c") == "301 /blog/a%2Fb%20c?lang=en&id=a/b%20c");
    CHECK(site("/store", "id=7") == "302 /seven?id=7");
    CHECK(site("/store") == "302 /shop");
}

TEST_CASE("pages of the site are shown in place of what is missing, and never hide what is there")
{
    const Site site{"/app/* /app/index.html 200\n/forced/* /x 200!\n/* /404.html 404\n/gone /x"};

    CHECK(site("/app/users") == "200 /app/index.html");
    CHECK(site("/app/logo.png", "", true).empty());
    CHECK(site("/forced/logo.png", "", true) == "200 /x");
    CHECK(site("/nothing") == "404 /404.html");
}

TEST_CASE("a redirect goes before what is there")
{
    CHECK(Site{"/a /b 301"}("/a", "", true) == "301 /b");
}

TEST_CASE("paths are compared in their canonical form")
{
    const Site site{"/stra\xC3\x9F"
                    "e /a\n/b%20c /d\n/x/* /y/:splat"};

    CHECK(site("/stra%C3%9Fe") == "302 /a");
    CHECK(site("/%62%20c") == "302 /d");
    CHECK(site("/x/%0d%0aSet-Cookie:a=b") == "302 /y/%0D%0ASet-Cookie:a=b");
    CHECK(site("/x/{env.HOME}") == "302 /y/%7Benv.HOME%7D");
}

TEST_CASE("no request makes a redirect of the site lead to another host")
{
    const Site site{"/r/* /:splat\n/s/* :splat\n/t/* /\\:splat"};

    CHECK(site("/r//evil.example") == "302 /evil.example");
    CHECK(site("/r/%2F/evil.example") == "302 /%2F/evil.example");
    CHECK(site("/r/\\evil.example") == "302 /%5Cevil.example");
    CHECK(site("/s//evil.example").empty());
    CHECK(site("/t/evil.example") == "302 /%5Cevil.example");
}

TEST_CASE("what cannot be served is left out with a warning that names the line")
{
    const auto [line, reason] = GENERATE(table<std::string, std::string>({
        {"/a https://internal.example/x 200", "other hosts are not fetched"},
        {"/a http://169.254.169.254/ 200!", "other hosts are not fetched"},
        {"/a //host/x 404", "other hosts are not fetched"},
        {"/a", "needs a path and where"},
        {"/a /b 418", "status must be"},
        {"/a /b 200!!", "status must be"},
        {"/a /b 302 Country=de", "not supported"},
        {"/a /b Country=de", "status must be"},
        {"https://a.example/* https://b.example/:splat", "other host names"},
        {"a /b", "must begin with a path"},
        {"/a?b=c /d", "without a query"},
        {"/a javascript:alert(1)", "must lead to a path"},
        {"/a ftp://x.example/", "must lead to a path"},
        {"/:h https://:h/", "must be written out"},
        {"/:h https://x.example:80:h/", "must be written out"},
        {"/* /en/:splat 302", "lead to itself"},
        {"/*/* /b", "more than one"},
    }));
    CAPTURE(line);
    const Site site{"/ok /fine\n" + line};

    CHECK(site("/ok") == "302 /fine");
    CHECK(site("/a").empty());
    REQUIRE(site.warnings.size() == 1);
    CHECK(site.warnings[0].line == 2);
    CHECK_THAT(site.warnings[0].text, Contains(reason));
}

TEST_CASE("a rule that leads to one page for all leaves that page alone")
{
    const Site site{"/* /closed 302"};

    CHECK(site("/a") == "302 /closed");
    CHECK(site("/closed").empty());
    CHECK(site.warnings.empty());
}

TEST_CASE("rules beyond the limits are left out, the others count")
{
    std::string text;
    for (int i = 0; i <= 2000; ++i) {
        text += fmt::format("/s{} /x\n", i);
    }
    for (int i = 0; i <= 100; ++i) {
        text += fmt::format("/d{}/* /x\n", i);
    }
    text += "/last " + std::string(1000, 'x');
    const Site site{text};

    CHECK(site("/s1999") == "302 /x");
    CHECK(site("/s2000").empty());
    CHECK(site("/d99/a") == "302 /x");
    CHECK(site("/d100/a").empty());
    REQUIRE(site.warnings.size() == 3);
    CHECK(site.warnings[0].line == 2001);
    CHECK(site.warnings[1].line == 2102);
    CHECK_THAT(site.warnings[2].text, Contains("at most 1000"));
}

TEST_CASE("whatever bytes a file has, reading it only warns")
{
    const Site site{std::string{"\xEF\xBB\xBF/a /b\n\xFF\xFE\x00\n/c \x01\n", 18}};

    CHECK(site("/a") == "302 /b");
    CHECK(site.warnings.size() == 2);
}

}  // namespace
}  // namespace libra
