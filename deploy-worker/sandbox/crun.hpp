#pragma once

#include "deploy-worker/sandbox/container_runtime.hpp"

#include <optional>

/// @file crun, by its command line: the build's processes are processes of the host's kernel.

namespace libra {

class Crun final : public ContainerRuntime {
public:
    /// `root` is crun's own record of its containers. `mount_to_hide`: see `Cgroups`.
    Crun(std::filesystem::path root, std::optional<std::string> mount_to_hide, Clock& clock);

    std::string name() const override { return "crun"; }

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
    std::vector<std::string> command(const std::vector<std::string>& arguments) const;

    std::filesystem::path root_;
    std::optional<std::string> mount_to_hide_;
    Clock& clock_;
};

}  // namespace libra
