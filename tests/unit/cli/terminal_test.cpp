#include "cli/terminal.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <memory>

namespace libra {
namespace {

struct Pages {
    Pages() : out{std::tmpfile()}, err{std::tmpfile()} {}

    ~Pages()
    {
        std::fclose(out);
        std::fclose(err);
    }

    Pages(const Pages&) = delete;
    Pages& operator=(const Pages&) = delete;

    static std::string text(std::FILE* stream)
    {
        std::rewind(stream);
        std::array<char, 4096> bytes{};
        return {bytes.data(), std::fread(bytes.data(), 1, bytes.size(), stream)};
    }

    std::FILE* out;
    std::FILE* err;
};

TEST_CASE("results and what is said about them go different ways")
{
    const Pages pages;
    Terminal terminal{pages.out, pages.err, false, false};

    terminal.note("working");
    terminal.progress("half");
    terminal.result("https://site");

    CHECK(Pages::text(pages.out) == "https://site\n");
    CHECK(Pages::text(pages.err) == "working\n");
}

TEST_CASE("a table is as wide as it has to be, in characters and not in bytes")
{
    const Pages pages;
    const Terminal terminal{pages.out, pages.err, false, false};

    terminal.table({"NAME", "N"}, {{"ü", "1"}, {"longer", "22"}}, "none");

    CHECK(Pages::text(pages.out) == "NAME    N\nü       1\nlonger  22\n");
}

TEST_CASE("an empty table is said to be, and is no result")
{
    const Pages pages;
    const Terminal terminal{pages.out, pages.err, false, false};

    terminal.table({"NAME"}, {}, "There are none.");

    CHECK(Pages::text(pages.out).empty());
    CHECK(Pages::text(pages.err) == "There are none.\n");
}

TEST_CASE("colours are there only where they are wanted")
{
    const Pages pages;
    CHECK(
        Terminal{pages.out, pages.err, true, true}.shaded("x", Shade::good) == "\x1b[32mx\x1b[0m"
    );
    CHECK(Terminal{pages.out, pages.err, true, false}.shaded("x", Shade::good) == "x");
}

TEST_CASE("nobody is asked where nobody sits")
{
    const Pages pages;
    CHECK(Terminal{pages.out, pages.err, false, false}.ask("name? ").empty());
    CHECK(Pages::text(pages.err).empty());
}

TEST_CASE("what comes from elsewhere does not steer the terminal")
{
    CHECK(
        harmless("a\x1b]0;title\x07"
                 "b\r\n\x1b[2Jc\td") == "a]0;titleb [2Jc\td"
    );
    CHECK(harmless("\x1b[31mred\x1b[0m") == "red");
    CHECK(harmless("\x1b[31mred", true) == "\x1b[31mred\x1b[0m");
    CHECK(
        harmless(
            "\xc2\x9b"
            "2J \xc3\xa4",
            true
        ) == "2J \xc3\xa4"
    );
}

}  // namespace
}  // namespace libra
