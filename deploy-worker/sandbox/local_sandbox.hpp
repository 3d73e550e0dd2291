#pragma once

#include "deploy-worker/sandbox/held_names.hpp"
#include "deploy-worker/sandbox/layer.hpp"
#include "deploy-worker/sandbox/local_host.hpp"
#include "deploy-worker/sandbox/network.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "deploy-worker/sandbox/uid_range.hpp"

#include <memory>
#include <optional>

/// @file One container on this machine, with a disk and a network of its own.

namespace libra {

/// The container lives from `start` to `destroy`: its first process sleeps, and each command is a
/// second one put beside it. When this process dies, however it dies, the first process sees the
/// end of a pipe and takes the whole container with it.
class LocalSandbox final : public Sandbox {
public:
    /// Nothing is made before `start`. `host` must outlive the sandbox. `hold` keeps the place's
    /// name from being taken for an orphan's.
    LocalSandbox(const LocalHost& host, SandboxPlace place, std::unique_ptr<HeldNames::Hold> hold);
    ~LocalSandbox() override;
    LocalSandbox(const LocalSandbox&) = delete;
    LocalSandbox& operator=(const LocalSandbox&) = delete;

    /// Once. After an error call `destroy`, as the destructor does.
    Result<void> start(const SandboxSpec& spec);

    Result<void> upload(const std::filesystem::path& source) override;
    Result<CommandExit>
    run(const SandboxCommand& command, LineSink& sink, Instant deadline, std::stop_token stop
    ) override;
    Result<std::optional<std::string>>
    read_file(const std::string& path, std::uint64_t max_bytes) override;
    Result<std::vector<std::string>> list(const std::string& directory) override;
    Result<void> collect(
        const std::string& directory,
        const std::filesystem::path& into,
        const CollectLimits& limits
    ) override;
    Result<void>
    checkpoint(const std::filesystem::path& tree, const std::filesystem::path& image) override;
    Result<void> destroy() override;

private:
    Result<void> make_directory() const;
    Result<void> connect();
    Result<void> begin_with(const SandboxSpec& spec);
    Result<void> start_container();
    void keep_image();
    Result<void>
    write_for_runtime(const std::filesystem::path& path, const std::string& text) const;
    Result<void> kill_container();
    Result<UniqueFd> open_work() const;

    const LocalHost& host_;
    SandboxPlace place_;
    std::unique_ptr<HeldNames::Hold> hold_;  // until everything is freed, or nobody is left to try
    SandboxLimits limits_;
    Lowers lowers_;  // what /work and the home began with
    UidRange users_;
    std::optional<SandboxNetwork> network_;
    UniqueFd lifeline_;                           // the container ends when this closes
    std::optional<std::filesystem::path> image_;  // where what was set aside goes
    bool running_{false};
    bool destroyed_{false};
};

}  // namespace libra
