#include "deploy-worker/pipeline/deployment_log.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/recording_work_store.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

struct Fixture {
    testing::FakeClock clock;
    testing::RecordingWorkStore store;
    Redactor redactor;
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
    DeploymentLog log{fixture.store, fixture.clock, fixture.redactor, {"d1", 1}};

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
    DeploymentLog log{fixture.store, fixture.clock, fixture.redactor, {"d1", 1}};

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
    DeploymentLog log{fixture.store, fixture.clock, fixture.redactor, {"d1", 1}};

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

TEST_CASE("output without end is cut with a line that says so")
{
    Fixture fixture;
    DeploymentLog log{
        fixture.store,
        fixture.clock,
        fixture.redactor,
        {"d1", 1},
        {.total_bytes = 10, .buffer_bytes = 1000}};

    for (int i = 0; i < 100; ++i) {
        log.line(OutputStream::out, "123");
    }
    REQUIRE(log.flush().has_value());

    CHECK(
        texts(fixture.store) ==
        std::vector<std::string>{
            "123", "123", "[the rest of the output is not kept: there was too much of it]"}
    );
}

}  // namespace
}  // namespace libra
