#include "deploy-worker/metrics/metered_sandboxes.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_sandbox.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Catch::Contains;

constexpr std::uint64_t k_mebibyte{1U << 20U};

class NoSink final : public LineSink {
public:
    void line(OutputStream, std::string_view) override {}
};

/// Gives one sandbox after the other, or an error, each after half a second.
class ScriptedProvider final : public SandboxProvider {
public:
    explicit ScriptedProvider(testing::FakeClock& clock) : clock_{clock} {}

    std::string_view name() const override { return "scripted"; }

    Result<std::unique_ptr<Sandbox>> create(const SandboxSpec&) override
    {
        clock_.advance(500ms);
        if (error) {
            return *error;
        }
        return std::unique_ptr<Sandbox>{
            std::make_unique<testing::ScriptedSandbox>(std::move(script))};
    }

    Result<void> remove_orphans(const std::string&) override { return {}; }

    std::deque<testing::ScriptedCommand> script{};
    std::optional<Error> error{};

private:
    testing::FakeClock& clock_;
};

struct Metered {
    testing::FakeClock clock{};
    Metrics metrics{};
    ScriptedProvider provider{clock};
    MeteredSandboxes sandboxes{provider, "crun", clock, metrics};
    NoSink sink{};

    void run_all(std::vector<Result<CommandExit>> exits)
    {
        for (Result<CommandExit>& exit : exits) {
            provider.script.push_back({.exit = std::move(exit)});
        }
        const auto sandbox = sandboxes.create({}).value();
        for (std::size_t i = 0; i < exits.size(); ++i) {
            (void)sandbox->run({}, sink, clock.now() + 1min, {});
        }
    }
};

TEST_CASE("the start of a sandbox is counted and timed")
{
    Metered metered;

    CHECK(metered.sandboxes.create({}).has_value());

    const std::string text = metered.metrics.expose();
    CHECK_THAT(text, Contains(R"(libra_sandbox_starts_total{outcome="started",runtime="crun"} 1)"));
    CHECK_THAT(text, Contains(R"(libra_sandbox_start_seconds_bucket{le="0.3"} 0)"));
    CHECK_THAT(text, Contains(R"(libra_sandbox_start_seconds_bucket{le="0.5"} 1)"));
}

TEST_CASE("a sandbox that could not start is told from one whose image is damaged")
{
    Metered metered;

    metered.provider.error = Error{Errc::unavailable, "no runtime"};
    CHECK(metered.sandboxes.create({}).has_error());
    metered.provider.error = Error{Errc::rejected, "no image"};
    CHECK(metered.sandboxes.create({}).has_error());

    const std::string text = metered.metrics.expose();
    CHECK_THAT(text, Contains(R"(libra_sandbox_starts_total{outcome="started",runtime="crun"} 0)"));
    CHECK_THAT(text, Contains(R"(libra_sandbox_starts_total{outcome="failed",runtime="crun"} 1)"));
    CHECK_THAT(text, Contains(R"(libra_sandbox_starts_total{outcome="damaged",runtime="crun"} 1)"));
    CHECK_THAT(text, Contains("libra_sandbox_start_seconds_count 0"));
}

TEST_CASE("what ends a command before its time is counted")
{
    Metered metered;

    metered.run_all(
        {CommandExit{},
         CommandExit{.exit_code = 1},
         CommandExit{.exit_code = 137, .out_of_memory = true},
         CommandExit{.exit_code = 1, .out_of_disk = true},
         CommandExit{.out_of_processes = true},
         Error{Errc::timed_out, ""},
         Error{Errc::cancelled, ""},
         Error{Errc::unavailable, "the runtime is gone"}}
    );

    const std::string text = metered.metrics.expose();
    for (const std::string reason : {"memory", "disk", "processes", "time", "stopped"}) {
        CHECK_THAT(text, Contains("libra_sandbox_kills_total{reason=\"" + reason + "\"} 1"));
    }
}

TEST_CASE("of each sandbox the highest peak of memory is kept, once it is gone")
{
    Metered metered;

    metered.run_all(
        {CommandExit{.peak_memory_bytes = 100 * k_mebibyte},
         CommandExit{.peak_memory_bytes = 300 * k_mebibyte},
         CommandExit{}}
    );
    metered.run_all({CommandExit{}});

    const std::string text = metered.metrics.expose();
    CHECK_THAT(text, Contains("libra_sandbox_memory_peak_bytes_count 1\n"));
    CHECK_THAT(text, Contains(R"(libra_sandbox_memory_peak_bytes_bucket{le="268435456"} 0)"));
    CHECK_THAT(text, Contains(R"(libra_sandbox_memory_peak_bytes_bucket{le="536870912"} 1)"));
}

}  // namespace
}  // namespace libra
