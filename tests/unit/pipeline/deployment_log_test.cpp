#include "deploy-worker/pipeline/deployment_log.hpp"

#include "tests/support/recording_work_store.hpp"
#include "tests/support/still_clock.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

/// Nothing is written but by `flush`.
struct Fixture {
    testing::StillClock clock;
    testing::RecordingWorkStore store;
    Redactor redactor;

    DeploymentLog log(LogLimits limits = {}) { return {store, clock, redactor, {"d1", 1}, limits}; }
};

std::vector<std::string> texts(const testing::RecordingWorkStore& store)
{
    std::vector<std::string> all;
    for (const LogLine& line : store.lines()) {
        all.push_back(line.text);
    }
    return all;
}

TEST_CASE("lines keep their order, step and stream")
{
    Fixture fixture;
    DeploymentLog log = fixture.log();

    log.begin(StepName::build);
    log.line(OutputStream::out, "one");
    log.line(OutputStream::err, "two");
    REQUIRE(log.flush().has_value());

    const auto lines = fixture.store.lines();
    REQUIRE(texts(fixture.store) == std::vector<std::string>{"one", "two"});
    CHECK(lines[0].step == StepName::build);
    CHECK(lines[0].stream == LogStream::out);
    CHECK(lines[1].stream == LogStream::err);
}

TEST_CASE("lines survive a store that is away for a moment")
{
    Fixture fixture;
    fixture.store.append_errors = {
        Errc::unavailable, Errc::unavailable, Errc::unavailable, Errc::unavailable};
    DeploymentLog log = fixture.log();

    log.line(OutputStream::out, "kept");
    for (int i = 0; i < 5; ++i) {
        (void)log.flush().has_value();
    }

    CHECK(texts(fixture.store) == std::vector<std::string>{"kept"});
}

TEST_CASE("secrets and bytes that are not text do not reach the store")
{
    Fixture fixture;
    fixture.redactor.add(Secret{"s3cr3t-value"});
    DeploymentLog log = fixture.log();

    log.line(OutputStream::out, "password is s3cr3t-value");
    log.line(OutputStream::out, std::string_view{"a\0b\xFF", 4});
    REQUIRE(log.flush().has_value());

    CHECK(
        texts(fixture.store) ==
        std::vector<std::string>{
            "password is [redacted]",
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD"}
    );
}

TEST_CASE("of what commands print without end the beginning and the last lines are kept")
{
    Fixture fixture;
    DeploymentLog log = fixture.log({.total_bytes = 2 * (64 + 1), .last_lines = 3});

    for (const char* const text : {"1", "2", "3", "4", "5", "6", "7"}) {
        log.commands().line(OutputStream::out, text);
    }
    log.line(OutputStream::err, "Failed: it broke");
    log.commands().line(OutputStream::out, "8");
    log.begin(StepName::cleanup);
    REQUIRE(log.flush().has_value());

    CHECK(
        texts(fixture.store) ==
        std::vector<std::string>{
            "1",
            "2",
            "[2 lines are not kept: there was too much output]",
            "5",
            "6",
            "7",
            "Failed: it broke",
            "8"}
    );
}

TEST_CASE("an empty line counts for more than nothing")
{
    Fixture fixture;
    DeploymentLog log = fixture.log({.total_bytes = 64 * 1000, .last_lines = 1});

    for (int i = 0; i < 1'000'000; ++i) {
        log.commands().line(OutputStream::out, "");
    }
    log.begin(StepName::deploy);
    REQUIRE(log.flush().has_value());

    CHECK(fixture.store.lines().size() == 1000 + 2);
}

TEST_CASE("however much waits, one write carries a bounded part of it")
{
    Fixture fixture;
    DeploymentLog log = fixture.log({.batch_lines = 10, .batch_bytes = 100});

    for (int i = 0; i < 25; ++i) {
        log.commands().line(OutputStream::out, "");
    }
    log.commands().line(OutputStream::out, std::string(200, 'x'));
    log.commands().line(OutputStream::out, "last");
    REQUIRE(log.flush().has_value());

    CHECK(fixture.store.lines().size() == 27);
    CHECK(fixture.store.lines().back().text == "last");
    for (const std::size_t lines : fixture.store.appended) {
        CHECK(lines <= 10);
    }
    CHECK(fixture.store.appended.back() == 1);
}

TEST_CASE("output that is given up leaves a line that says so")
{
    Fixture fixture;
    DeploymentLog log = fixture.log();
    log.line(OutputStream::out, "lost");

    log.drop();
    REQUIRE(log.flush().has_value());

    CHECK(
        texts(fixture.store) ==
        std::vector<std::string>{"[output is missing here: it could not be stored]"}
    );
}

TEST_CASE("no terminal control sequence reaches the store")
{
    Fixture fixture;
    DeploymentLog log = fixture.log();

    log.commands().line(OutputStream::out, "\x1B[2J\x1B]0;owned\x07ok\x1B[0m");
    REQUIRE(log.flush().has_value());

    CHECK(texts(fixture.store) == std::vector<std::string>{"ok"});
}

}  // namespace
}  // namespace libra
