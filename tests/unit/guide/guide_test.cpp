#include "site-rules/guide/guide.hpp"

#include "tests/support/recording_log.hpp"
#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

namespace fs = std::filesystem;

struct Bench {
    Bench()
    {
        root.write(".releases/r-1/index.html", "");
        root.write(".releases/r-1/there.txt", "");
        root.write(
            ".releases/r-1/_redirects", "/old /new 301\n/app/* /app.html 200\n/* /404.html 404\n"
        );
        root.write(
            ".releases/r-1/_headers",
            "/there.txt\n  X-A: 1\n  ! Cache-Control\n  Content-Type: text/x\n/both\n  ! "
            "Cache-Control\n"
            "  Cache-Control: no-store\n"
        );
        fs::create_directories(root.path() / "shop.example");
        fs::create_symlink("../.releases/r-1", root.path() / "shop.example/current");
    }

    HttpResponse ask(std::string_view uri, std::string_view host = "shop.example")
    {
        HttpRequest request;
        request.headers = {{"Libra-Site", host}, {"Libra-Uri", uri}};
        return guide.answer(request);
    }

    static std::string header(const HttpResponse& response, std::string_view name)
    {
        return std::string{response.header(name).value_or("(none)")};
    }

    testing::ScratchTree root;
    ServedSites sites{root.path()};
    testing::RecordingLog log;
    Guide guide{sites, log.log()};
};

TEST_CASE("a redirect is the answer itself")
{
    Bench bench;

    const HttpResponse answer = bench.ask("/old?a=1");

    CHECK(answer.status == 301);
    CHECK(Bench::header(answer, "Location") == "/new?a=1");
    CHECK(Bench::header(bench.ask("http://shop.example/old"), "Location") == "/new");
}

TEST_CASE("for everything else the release is named, and another page where a rule says so")
{
    Bench bench;

    const HttpResponse there = bench.ask("/there.txt");
    CHECK(there.status == 200);
    CHECK(Bench::header(there, "Libra-Release") == "r-1");
    CHECK(Bench::header(there, "Libra-Path") == "(none)");

    const HttpResponse app = bench.ask("/app/x");
    CHECK(Bench::header(app, "Libra-Path") == "/app.html");
    CHECK(Bench::header(app, "Libra-Status") == "(none)");

    const HttpResponse lost = bench.ask("/lost");
    CHECK(lost.status == 200);
    CHECK(Bench::header(lost, "Libra-Path") == "/404.html");
    CHECK(Bench::header(lost, "Libra-Status") == "404");
}

TEST_CASE("the host is told which of its own headers are not wanted")
{
    Bench bench;

    const HttpResponse answer = bench.ask("/there.txt");

    CHECK(Bench::header(answer, "X-A") == "1");
    CHECK(Bench::header(answer, "Libra-Rules") == "on content-type -cache-control");
    CHECK(Bench::header(bench.ask("/both"), "Libra-Rules") == "on");
    CHECK(Bench::header(bench.ask("/"), "Libra-Rules") == "on");
}

TEST_CASE("who asks for no site is told so")
{
    Bench bench;

    CHECK(bench.ask("/", "other.example").status == 404);
    CHECK(bench.guide.answer({}).status == 404);
}

}  // namespace
}  // namespace libra
