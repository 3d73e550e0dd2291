#pragma once

#include "deploy-worker/process/unique_fd.hpp"
#include "deploy-worker/sandbox/local_config.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"

#include <memory>
#include <string>
#include <vector>

/// @file Sandboxes on the worker's own machine: one OCI container each, run by crun.
///
/// Isolation: namespaces of every kind with user ids of its own, no capability, no new privileges,
/// a list of allowed system calls, a read-only root with the host's /usr, limits of memory (no
/// swap), CPU and processes by cgroup, a disk of fixed size, and a network that reaches the public
/// internet on ports 80 and 443 and nothing private, nor any address of the host.
///
/// Needs root, and the Debian packages crun, slirp4netns, nftables, iproute2, e2fsprogs, mount and
/// util-linux, and Node.js below /usr.

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

    std::string_view name() const override { return "local"; }

    /// Some 150 ms. @return also `invalid_input` for an id that is not one (SPEC: Limits).
    Result<std::unique_ptr<Sandbox>> create(const SandboxSpec& spec) override;

    /// Only what has this worker's id and state directory in its name; call before the first
    /// `create`. Some 50 ms for each sandbox left. Goes on after a failure.
    /// @return `conflict` if another live worker has the same id and state directory: it would be
    /// its
    ///         sandboxes. Until this provider is destroyed, that other worker gets the same answer.
    Result<void> destroy_leftovers() override;

private:
    std::unique_ptr<const LocalHost> host_;
    UniqueFd identity_lock_;
};

}  // namespace libra
