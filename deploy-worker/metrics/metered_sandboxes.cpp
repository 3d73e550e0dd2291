#include "deploy-worker/metrics/metered_sandboxes.hpp"

#include <algorithm>
#include <utility>

namespace libra {

namespace {

/// Why a command did not end as it would have; empty if it did.
std::string reason_of(const Result<CommandExit>& exit)
{
    if (exit.has_error()) {
        const Errc code = exit.error().code;
        return code == Errc::timed_out ? "time" : code == Errc::cancelled ? "stopped" : "";
    }
    return exit->out_of_memory      ? "memory"
           : exit->out_of_processes ? "processes"
           : exit->out_of_disk      ? "disk"
                                    : "";
}

std::vector<double> memory_bounds_bytes()
{
    constexpr double k_mebibyte = 1U << 20U;
    std::vector<double> bounds;
    for (const double mebibytes : {32, 64, 128, 256, 512, 1024, 2048, 4096, 8192}) {
        bounds.push_back(mebibytes * k_mebibyte);
    }
    return bounds;
}

}  // namespace

/// Passes everything on.
class MeteredSandboxes::Metered final : public Sandbox {
public:
    Metered(MeteredSandboxes& whole, std::unique_ptr<Sandbox> sandbox)
        : whole_{whole}, sandbox_{std::move(sandbox)}
    {
    }

    ~Metered() override
    {
        if (peak_bytes_ > 0) {
            whole_.peaks_.observe(static_cast<double>(peak_bytes_));
        }
    }

    Metered(const Metered&) = delete;
    Metered& operator=(const Metered&) = delete;

    Result<void> upload(const std::filesystem::path& source) override
    {
        return sandbox_->upload(source);
    }

    Result<CommandExit>
    run(const SandboxCommand& command, LineSink& sink, Instant deadline, std::stop_token stop
    ) override
    {
        Result<CommandExit> exit = sandbox_->run(command, sink, deadline, std::move(stop));
        if (const std::string reason = reason_of(exit); !reason.empty()) {
            whole_.kills_.add({reason});
        }
        if (exit.has_value()) {
            peak_bytes_ = std::max(peak_bytes_, exit->peak_memory_bytes);
        }
        return exit;
    }

    Result<std::optional<std::string>>
    read_file(const std::string& path, std::uint64_t max_bytes) override
    {
        return sandbox_->read_file(path, max_bytes);
    }

    Result<std::vector<std::string>> list(const std::string& directory) override
    {
        return sandbox_->list(directory);
    }

    Result<void> collect(
        const std::string& directory,
        const std::filesystem::path& into,
        const CollectLimits& limits
    ) override
    {
        return sandbox_->collect(directory, into, limits);
    }

    Result<void>
    checkpoint(const std::filesystem::path& tree, const std::filesystem::path& image) override
    {
        return sandbox_->checkpoint(tree, image);
    }

    Result<void> destroy() override { return sandbox_->destroy(); }

private:
    MeteredSandboxes& whole_;
    std::unique_ptr<Sandbox> sandbox_;
    std::uint64_t peak_bytes_{0};
};

MeteredSandboxes::MeteredSandboxes(
    SandboxProvider& provider,
    std::string runtime,
    Clock& clock,
    Metrics& metrics
)
    : provider_{provider},
      runtime_{std::move(runtime)},
      clock_{clock},
      starts_{
          metrics,
          "libra_sandbox_starts_total",
          "Sandboxes begun; damaged: something kept for it was, and it is begun again without.",
          {"runtime", "outcome"},
          {{runtime_, "started"}, {runtime_, "failed"}, {runtime_, "damaged"}}},
      start_times_{
          metrics,
          "libra_sandbox_start_seconds",
          "How long it took to begin a sandbox.",
          {0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30}},
      peaks_{
          metrics,
          "libra_sandbox_memory_peak_bytes",
          "The most memory that each sandbox with commands needed.",
          memory_bounds_bytes()},
      kills_{
          metrics,
          "libra_sandbox_kills_total",
          "Commands in sandboxes that met a limit, or were stopped.",
          {"reason"},
          {{"memory"}, {"processes"}, {"disk"}, {"time"}, {"stopped"}}}
{
}

Result<std::unique_ptr<Sandbox>> MeteredSandboxes::create(const SandboxSpec& spec)
{
    const Instant asked = clock_.now();
    Result<std::unique_ptr<Sandbox>> sandbox = provider_.create(spec);
    if (sandbox.has_error()) {
        const bool damaged = sandbox.error().code == Errc::rejected;
        starts_.add({runtime_, damaged ? "damaged" : "failed"});
        return sandbox;
    }
    starts_.add({runtime_, "started"});
    start_times_.observe(clock_.now() - asked);
    return std::unique_ptr<Sandbox>{std::make_unique<Metered>(*this, *std::move(sandbox))};
}

}  // namespace libra
