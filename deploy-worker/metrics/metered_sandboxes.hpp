#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/telemetry/series.hpp"

/// @file A provider's sandboxes, counted: how they start, what they need, what ends them.
///
/// Upstream: the steps. Downstream: the provider, and shared/telemetry.

namespace libra {

class MeteredSandboxes final : public SandboxProvider {
public:
    /// `runtime` is a word of ours, as `crun`. The references must outlive it, and it must outlive
    /// its sandboxes.
    MeteredSandboxes(
        SandboxProvider& provider,
        std::string runtime,
        Clock& clock,
        Metrics& metrics
    );

    std::string_view name() const override { return provider_.name(); }

    bool has_images() const override { return provider_.has_images(); }

    Result<std::unique_ptr<Sandbox>> create(const SandboxSpec& spec) override;

    Result<void> remove_orphans(const std::string& worker_id) override
    {
        return provider_.remove_orphans(worker_id);
    }

private:
    class Metered;

    SandboxProvider& provider_;
    std::string runtime_;
    Clock& clock_;
    Counters starts_;
    Histograms start_times_;
    Histograms peaks_;
    Counters kills_;
};

}  // namespace libra
