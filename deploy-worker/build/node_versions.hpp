#pragma once

#include "deploy-worker/build/build_plan.hpp"
#include "deploy-worker/build/node_wish.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/clock.hpp"
#include "shared/domain/failure.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

/// @file From the Node that a project asks for to the exact version it gets.
///
/// Upstream: the sandbox step. Downstream: npm in a sandbox of its own, which knows ranges of
/// versions and the registry; no file of a project is in there.

namespace libra {

struct NodeChoice {
    std::string node{};       // exact
    std::string npm{};        // exact, one that runs on it
    bool sandbox_node{true};  // it is the sandbox's own; else it has to be fetched
    bool sandbox_npm{true};   // likewise

    bool operator==(const NodeChoice&) const = default;
};

/// Thread-safe.
class NodeVersions {
public:
    /// Both must outlive it.
    NodeVersions(SandboxProvider& sandboxes, Clock& clock) : sandboxes_{sandboxes}, clock_{clock} {}

    /// The sandbox's own Node where it fits or nobody asks for any, else the newest that fits.
    ///
    /// What was found is remembered, the sandbox's own for ten minutes, because its machine may be
    /// brought up to date, and others for a day. Else it blocks for as long as a sandbox takes to
    /// make and npm to ask; `spec` is for that sandbox, which is gone at the end.
    ///
    /// A user failure for a wish that cannot be read or met (`node_version_unavailable`), which
    /// says who asked for it; else transient.
    Outcome<NodeChoice> find(
        const std::optional<NodeWish>& wish,
        const SandboxSpec& spec,
        Instant deadline,
        const std::stop_token& stop
    );

private:
    struct Known {
        NodeChoice choice{};
        Instant until{};
    };

    Outcome<NodeChoice>
    ask(const NodeWish& wish,
        const std::string& range,
        const SandboxSpec& spec,
        Instant deadline,
        const std::stop_token& stop);
    std::optional<NodeChoice> known(const std::string& range);
    void remember(const std::string& range, const NodeChoice& choice);

    SandboxProvider& sandboxes_;
    Clock& clock_;
    std::mutex mutex_{};
    std::map<std::string, Known> known_{};
};

/// Has everything but the fetching of tools run with that Node, which `wish` asked for, and notes
/// both in the plan.
void use_node(BuildPlan& plan, const NodeChoice& choice);

}  // namespace libra
