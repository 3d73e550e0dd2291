#include "shared/base/log.hpp"

#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

namespace {

/// A line less its time, which no test controls.
std::string without_time(const std::string& line)
{
    return line.substr(line.find(R"("level")"));
}

}  // namespace

TEST_CASE("a log line is one JSON object")
{
    RecordingLog recorder;
    const Log log = recorder.log().with({{"request_id", "r1"}});

    log.warning("slow \"query\"\n", {{"step", "build"}});

    REQUIRE(recorder.lines().size() == 1);
    const std::string line = recorder.lines()[0];
    CHECK(line.substr(0, 9) == R"({"time":")");
    CHECK(
        without_time(line) ==
        R"("level":"warning","service":"test","message":"slow \"query\"\n","request_id":"r1","step":"build"})"
    );
}

TEST_CASE("fields bound to one log do not show in another")
{
    RecordingLog recorder;
    const Log log = recorder.log();

    log.with({{"step", "sync"}}).info("a");
    log.info("b");

    CHECK(without_time(recorder.lines()[1]) == R"("level":"info","service":"test","message":"b"})");
}

TEST_CASE("secrets are redacted in messages and in fields")
{
    RecordingLog recorder;
    recorder.redactor().add(Secret{"hunter2hunter2"});
    const Log log = recorder.log().with({{"bound", "hunter2hunter2"}});

    log.error("password hunter2hunter2", {{"field", "hunter2hunter2"}});

    CHECK(recorder.lines()[0].find("hunter2") == std::string::npos);
}

TEST_CASE("lines below the level are not written")
{
    RecordingLog recorder;
    Redactor redactor;
    const Log log{"test", LogLevel::warning, LogFormat::json, recorder, redactor};

    log.debug("a");
    log.info("b");
    log.warning("c");
    log.error("d");

    CHECK(recorder.lines().size() == 2);
}

TEST_CASE("text lines carry their fields after the message")
{
    RecordingLog recorder;
    Redactor redactor;
    const Log log{"test", LogLevel::info, LogFormat::text, recorder, redactor};

    log.info("started", {{"port", "3008"}});

    CHECK(recorder.lines()[0].substr(13) == "info    started port=3008");
}

TEST_CASE("a text line stays one line whatever it is told")
{
    RecordingLog recorder;
    Redactor redactor;
    const Log log{"test", LogLevel::info, LogFormat::text, recorder, redactor};

    log.info("a\nb\x1B[31m", {{"x", "c\r\nd"}});

    CHECK(recorder.lines()[0].find_first_of("\r\n") == std::string::npos);
}

TEST_CASE("bytes that are not UTF-8 and control characters are made safe")
{
    const auto escaped = [](std::string_view text) {
        std::string out;
        append_json_escaped(out, text);
        return out;
    };

    CHECK(escaped("plain ü €") == "plain ü €");
    CHECK(escaped("\x01\t\x1F\x7F") == "\\u0001\\u0009\\u001f\x7F");
    CHECK(
        escaped("a\xFF"
                "b") == "a\xEF\xBF\xBD"
                        "b"
    );
    CHECK(escaped("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(escaped("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(escaped("\xF0\x9F\x98") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(escaped("\xF0\x9F\x98\x80") == "\xF0\x9F\x98\x80");
}

}  // namespace libra::testing
