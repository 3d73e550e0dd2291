#include "deploy-worker/build/output_tail.hpp"

#include "tests/support/recording_lines.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using testing::RecordingLines;

TEST_CASE("every line is handed on unchanged")
{
    RecordingLines next;
    OutputTail tail{next};

    tail.line(OutputStream::out, "\x1B[31mred\x1B[0m");
    tail.line(OutputStream::err, "");

    CHECK(next.out() == std::vector<std::string>{"\x1B[31mred\x1B[0m"});
    CHECK(next.err() == std::vector<std::string>{""});
}

TEST_CASE("the tail is of standard error where there was any")
{
    RecordingLines next;
    OutputTail tail{next};
    CHECK(tail.text().empty());

    tail.line(OutputStream::out, "progress");
    CHECK(tail.text() == "progress");

    tail.line(OutputStream::err, "boom");
    tail.line(OutputStream::err, "   ");
    CHECK(tail.text() == "boom");
}

TEST_CASE("what npm itself reports first is kept apart from the usage it ends with")
{
    RecordingLines next;
    OutputTail tail{next};
    CHECK(tail.npm_errors().empty());

    tail.line(OutputStream::err, "npm warn deprecated something");
    tail.line(OutputStream::err, "npm error code EUSAGE");
    tail.line(OutputStream::err, "npm error Missing: left-pad@1.3.0 from lock file");
    tail.line(OutputStream::err, "npm error Usage:");
    for (int i = 0; i < 30; ++i) {
        tail.line(OutputStream::err, "npm error --an-option");
    }

    CHECK(
        tail.npm_errors() ==
        "npm error code EUSAGE\nnpm error Missing: left-pad@1.3.0 from lock file"
    );
}

TEST_CASE("the tail is at most 15 lines and 2 KiB")
{
    RecordingLines next;
    OutputTail tail{next};
    for (int i = 0; i < 100; ++i) {
        tail.line(OutputStream::err, std::to_string(i));
    }
    CHECK(tail.text().starts_with("85\n"));
    CHECK(tail.text().ends_with("\n99"));

    for (int i = 0; i < 100; ++i) {
        tail.line(OutputStream::err, std::string(5000, 'x'));
    }
    CHECK(tail.text().size() <= 2048);
    CHECK(tail.text().size() > 1500);
}

TEST_CASE("terminal escapes and control characters are taken out, other bytes replaced")
{
    CHECK(printable("a\x1B[1;31mb\x1B[0mc") == "abc");
    CHECK(printable("\x1B]8;;http://x\x07link\x1B]8;;\x07") == "link");
    CHECK(printable("\x1B(Bx") == "Bx");
    CHECK(printable("a\tb\r\x08") == "a  b");
    CHECK(printable("\x1B[").empty());
    CHECK(printable("\x1B").empty());
    CHECK(
        printable("\xE2\x9C\x93 \xC3\xA9 \xF0\x9F\x8E\x89") ==
        "\xE2\x9C\x93 \xC3\xA9 \xF0\x9F\x8E\x89"
    );
    CHECK(printable("\xFFz") == "\xEF\xBF\xBDz");
    CHECK(printable("\xE2\x9C") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(printable("\xC0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(printable("\xED\xA0\x80").find('\xED') == std::string::npos);
}

}  // namespace
}  // namespace libra
