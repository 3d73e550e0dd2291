#include "shared/site_rules/header_rules.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace libra {
namespace {

using Catch::Matchers::Contains;

struct Site {
    explicit Site(std::string_view text)
        : rules{HeaderRules::parse(text, all)}, warnings{all.listed()}
    {
    }

    /// `Name: value` lines, then `! name` lines.
    std::string operator()(std::string_view path, std::string_view host = "a.example") const
    {
        std::string text;
        const HeaderOutcome outcome = rules.find(host, path);
        for (const auto& [name, value] : outcome.set) {
            text += fmt::format("{}: {}\n", name, value);
        }
        for (const std::string& name : outcome.detached) {
            text += fmt::format("! {}\n", name);
        }
        return text;
    }

    RuleWarnings all{};
    HeaderRules rules;
    std::vector<RuleWarning> warnings;
};

TEST_CASE("headers are set for the paths they are written below")
{
    const Site site{"# all\n/*\n  X-Frame-Options: DENY\n/docs/:page\n\tX-Page: :page of :none\n"};

    CHECK(site("/") == "X-Frame-Options: DENY\n");
    CHECK(site("/docs/a") == "X-Frame-Options: DENY\nX-Page: a of :none\n");
    CHECK(site.warnings.empty());
}

TEST_CASE("values of several rules are joined, cookies are not")
{
    const Site site{"/*\n  X-Robots-Tag: nosnippet\n  Set-Cookie: a=1\n/a\n  x-robots-tag: "
                    "noindex\n  Set-Cookie: b=2"};

    CHECK(site("/a") == "X-Robots-Tag: nosnippet, noindex\nSet-Cookie: a=1\nSet-Cookie: b=2\n");
}

TEST_CASE("a header can be detached, from earlier rules and from the host's own")
{
    const Site site{"/*\n  X-A: 1\n  Cache-Control: max-age=9\n/b\n  ! X-A\n/c\n  ! "
                    "Cache-Control\n  Cache-Control: no-store"};

    CHECK(site("/b") == "Cache-Control: max-age=9\n! x-a\n");
    CHECK(site("/c") == "X-A: 1\nCache-Control: no-store\n! cache-control\n");
}

TEST_CASE("a rule may be for some host names only")
{
    const Site site{"https://:project.sites.example/*\n  X-Robots-Tag: noindex\n  X-Project: "
                    ":project\nhttps://WWW.example\n  X-A: 1"};

    CHECK(site("/x", "shop.sites.example") == "X-Robots-Tag: noindex\nX-Project: shop\n");
    CHECK(site("/x", "www.example").empty());
    CHECK(site("/", "www.example") == "X-A: 1\n");
}

TEST_CASE("what a site may not set is left out with a warning that names the line")
{
    const auto [line, reason] = GENERATE(table<std::string, std::string>({
        {"Content-Length: 5", "cannot be set"},
        {"transfer-encoding: chunked", "cannot be set"},
        {"Connection: close", "cannot be set"},
        {"Location: https://x.example/", "cannot be set"},
        {"Alt-Svc: h3=\":443\"", "cannot be set"},
        {"Clear-Site-Data: \"*\"", "cannot be set"},
        {"Libra-Release: other", "cannot be set"},
        {"Set-Cookie: a=b; DOMAIN=sites.example", "cannot have a Domain"},
        {"X A: b", "no name of a header"},
        {": b", "no name of a header"},
        {"X-A: a\x01"
         "b",
         "control characters"},
        {"X-A: gr\u00fcn", "outside of ASCII"},
        {"X-A:", "has no value"},
        {"just words", "neither a path nor"},
        {"! X A", "no name of a header"},
    }));
    CAPTURE(line);
    const Site site{"/*\n  X-Ok: 1\n  " + line};

    CHECK(site("/") == "X-Ok: 1\n");
    REQUIRE(site.warnings.size() == 1);
    CHECK(site.warnings[0].line == 3);
    CHECK_THAT(site.warnings[0].text, Contains(reason));
}

TEST_CASE("headers of a path that does not count belong to nobody")
{
    const Site site{"X-Early: 1\n/a\n  X-A: 1\n/*/*\n  X-Bad: 1\n  ! X-A\n/b\n"};

    CHECK(site("/a") == "X-A: 1\n");
    CHECK(site("/b").empty());
    REQUIRE(site.warnings.size() == 3);
    CHECK(site.warnings[0] == RuleWarning{1, "`X-Early: 1` is left out: no path stands before it"});
    CHECK(site.warnings[1].line == 4);
    CHECK(site.warnings[2] == RuleWarning{7, "no header follows this line"});
}

TEST_CASE("rules beyond the limits are left out, and so is what would burst an answer")
{
    std::string text;
    for (int i = 0; i <= 100; ++i) {
        text += fmt::format("/*\n  X-{}: {}\n", i, std::string(1000, 'v'));
    }
    const Site site{text};

    REQUIRE(site.warnings.size() == 1);
    CHECK(site.warnings[0].line == 201);
    CHECK(site("/").size() < HeaderRules::k_most_bytes + 200);
}

}  // namespace
}  // namespace libra
