#pragma once

#include "deploy-worker/sandbox/held_names.hpp"
#include "deploy-worker/sandbox/local_config.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

/// @file Sandboxes on the worker's own machine: one OCI container each, run by crun or by gVisor.
///
/// Isolation: namespaces of every kind with user ids of its own, no capability, no new privileges,
/// a list of allowed system calls, a read-only root with the host's /usr, limits of memory (no
/// swap), CPU and processes by cgroup, a disk of fixed size, and a network that reaches the public
/// internet on ports 80 and 443 and nothing private, nor any address of the host.
///
/// Needs root, and the Debian packages crun (or runsc), slirp4netns, nftables, iproute2, e2fsprogs,
/// mount and util-linux, and Node.js below /usr.

namespace libra {

struct LocalHost;

class LocalSandboxProvider final : public SandboxProvider {
public:
    /// Does nothing yet. `clock` must outlive the provider, and the provider its sandboxes.
    LocalSandboxProvider(LocalSandboxConfig config, Clock& clock, const Log& log);
    ~LocalSandboxProvider() override;
    LocalSandboxProvider(const LocalSandboxProvider&) = delete;
    LocalSandboxProvider& operator=(const LocalSandboxProvider&) = delete;

    /// What this host lacks, in words fit for the log, with what to do; empty if nothing. `create`
    /// asks too, and refuses with the same words.
    std::vector<std::string> host_problems() const;

    /// Makes a small sandbox, runs a command in it and looks at what that did. After a failure
    /// `create` does the same before anything else, until it succeeds once. Some 300 ms with crun,
    /// 2 s with gVisor.
    /// @return `unavailable` with what does not work here, in words fit for the log.
    Result<void> self_test();

    std::string_view name() const override { return "local"; }

    bool has_images() const override { return true; }

    /// Some 150 ms, and up to one removal of an orphan more.
    /// @return also `invalid_input` for an id that is not one (SPEC: Limits).
    Result<std::unique_ptr<Sandbox>> create(const SandboxSpec& spec) override;

    /// Touches only what has that worker's id and this state directory in its name: containers,
    /// processes, control groups, network namespaces, mounts, loop devices, directories. Blocks for
    /// some milliseconds, and for each sandbox found some 50 ms more, 20 s if the host is ill.
    Result<void> remove_orphans(const std::string& worker_id) override;

private:
    Result<std::unique_ptr<Sandbox>> make(const SandboxSpec& spec);
    Result<void> try_one();
    Result<void> remove_unless_held(const std::string& name);

    std::unique_ptr<const LocalHost> host_;
    HeldNames held_;
    std::atomic<bool> unfit_{false};  // the last self-test failed
    std::mutex removing_;             // an orphan; while it is locked no name comes to be held
};

}  // namespace libra
