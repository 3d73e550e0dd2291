#pragma once

#include "deploy-worker/pipeline/job.hpp"
#include "shared/base/clock.hpp"
#include "shared/domain/failure.hpp"

#include <chrono>
#include <stop_token>
#include <string>

/// @file One of the six steps of a deployment.

namespace libra {

/// What a running step must obey.
struct StepControl {
    LineSink& output;    // the deployment's log, for what the platform says
    LineSink& commands;  // the same, for what commands print
    Clock& clock;
    Instant deadline{};      // of the step and the whole deployment, whichever comes first
    std::stop_token stop{};  // cancelled, lease lost or worker shutting down

    bool interrupted() const { return stop.stop_requested() || clock.now() >= deadline; }
};

/// A step may run again after a crash at any instruction, so it looks before it acts.
class Step {
public:
    virtual ~Step() = default;

    virtual StepName name() const = 0;

    /// The line the user sees when it begins.
    virtual std::string milestone() const = 0;

    virtual std::chrono::milliseconds time_limit() const = 0;

    /// False where an earlier attempt's work is still there.
    virtual bool needed(const Job& /*job*/) const { return true; }

    /// Blocks until done; returns soon after `control.interrupted()`, with any failure: the
    /// pipeline knows the reason.
    virtual Outcome<void> run(Job& job, StepControl& control) = 0;
};

}  // namespace libra
