#pragma once

#include "deploy-worker/sandbox/container_runtime.hpp"

/// @file gVisor's runsc, by its command line: the build's system calls are answered by a kernel of
/// its own, a process without rights.
///
/// What differs from crun, and why:
/// - The user and the network namespace are entered before runsc starts, not by config.json: runsc
///   then has no rights on the host to lose, and makes its connections as an ordinary program in
///   that network (`--network=host`). With a network stack of its own it would put packets on the
///   wire where the firewall of the namespace does not see them.
/// - The control group is made here, because in its user namespace runsc may not.
/// - The container is killed as a whole through its control group, and its record removed: that
///   works on whatever a crash has left, which `runsc delete` does not.
/// - runsc has the list of allowed system calls for the first process only; for all others its
///   own kernel is what stands between them and ours.

namespace libra {

class Runsc final : public ContainerRuntime {
public:
    /// `root` is runsc's own record of its containers.
    Runsc(std::filesystem::path root, const Cgroups& cgroups, Clock& clock);

    std::string name() const override { return "runsc"; }

    BundleDialect dialect() const override;
    Result<void>
    start(const SandboxPlace& place, const ContainerValues& values, int lifeline) const override;
    std::vector<std::string> exec_command(
        const SandboxPlace& place,
        const std::filesystem::path& process_file,
        const std::filesystem::path& log_file
    ) const override;
    std::string exec_problem(const std::filesystem::path& log_file) const override;
    Result<void> remove(const SandboxPlace& place) const override;
    std::vector<std::string> names(std::string_view prefix) const override;

private:
    std::vector<std::string> command(
        const SandboxPlace& place,
        const std::string& user_namespace,
        const std::filesystem::path& log_file,
        const std::vector<std::string>& arguments
    ) const;

    std::filesystem::path root_;
    const Cgroups& cgroups_;
    Clock& clock_;
};

}  // namespace libra
