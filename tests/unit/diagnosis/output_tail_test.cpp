#include "deploy-worker/diagnosis/output_tail.hpp"

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
    CHECK(tail.lines().empty());

    tail.line(OutputStream::out, "progress");
    CHECK(tail.lines() == std::vector<std::string>{"progress"});

    tail.line(OutputStream::err, "boom");
    tail.line(OutputStream::err, "   ");
    CHECK(tail.lines() == std::vector<std::string>{"boom"});
}

TEST_CASE("what only the sandbox's inside knows is not in the tail")
{
    RecordingLines next;
    OutputTail tail{next};

    tail.line(OutputStream::out, "> build");
    tail.line(OutputStream::err, "npm ERR! A complete log of this run can be found in:");
    tail.line(OutputStream::err, "npm ERR!     /home/build/.npm/_logs/2026-11-28-debug-0.log");
    tail.line(
        OutputStream::err,
        R"(waiting on pid 14: waiting on PID 14 in sandbox "libra-36db-worker-2-7": )"
        R"(urpc method "containerManager.WaitPID" failed: EOF)"
    );

    CHECK(tail.lines() == std::vector<std::string>{"> build"});
    CHECK(next.err().size() == 3);
}

TEST_CASE("the tail is at most 15 lines and 2 KiB")
{
    RecordingLines next;
    OutputTail tail{next};
    for (int i = 0; i < 100; ++i) {
        tail.line(OutputStream::err, std::to_string(i));
    }
    CHECK(tail.lines().front() == "85");
    CHECK(tail.lines().back() == "99");

    for (int i = 0; i < 100; ++i) {
        tail.line(OutputStream::err, std::string(5000, 'x'));
    }
    std::size_t bytes = 0;
    for (const std::string& line : tail.lines()) {
        bytes += line.size() + 1;
    }
    CHECK(bytes <= 2048);
    CHECK(bytes > 1500);
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
