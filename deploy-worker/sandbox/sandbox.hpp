#pragma once

#include "deploy-worker/process/line_sink.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// @file An isolated environment for build code that nobody here wrote or trusts.
///
/// Upstream: the sandbox, build and cleanup steps. Downstream: one implementation a provider.

namespace libra {

struct SandboxLimits {
    std::uint64_t memory_bytes{2ULL << 30U};  // swap included
    std::uint64_t disk_bytes{4ULL << 30U};    // for everything below /work
    int processes{512};
    int cpu_percent{200};  // 100 is one core
};

struct SandboxSpec {
    std::string id{};  // the deployment's; also names cgroup, network namespace and directories
    SandboxLimits limits{};
    // An image that `checkpoint` made: what /work and the home begin with. Others may be using it,
    // and nothing that is done in the sandbox changes it.
    std::optional<std::filesystem::path> base{};
    // Of the base's /work, only what lies below directories, or in files, of these names; all of it
    // if there are none.
    std::vector<std::string> base_keeps{};
    // Images whose home is below this one's as well; what is in several is that of the first.
    std::vector<std::filesystem::path> homes{};
};

struct SandboxCommand {
    std::vector<std::string> argv{};
    std::string directory{"/work"};          // inside the sandbox
    std::vector<std::string> environment{};  // `NAME=value`, added to the sandbox's own few
    std::vector<std::string> path{};         // directories, looked into before those of PATH
};

struct CommandExit {
    int exit_code{};                    // 128 + signal when a signal ended it
    bool out_of_memory{};               // the kernel killed something in the sandbox for memory
    bool out_of_disk{};                 // the sandbox's disk was full when the command ended
    bool out_of_processes{};            // it was refused a process or thread for the limit
    std::uint64_t peak_memory_bytes{};  // of the whole sandbox so far; 0 when not known
    std::uint64_t disk_bytes{};         // used on the disk when the command ended; 0 when not known
    std::uint64_t disk_files{};         // files and directories there; 0 unless they filled it
    std::uint64_t most_disk_files{};    // and how many it holds
    std::chrono::milliseconds duration{};
};

/// One environment. One thread at a time; every call blocks until it is done.
class Sandbox {
public:
    /// Destroys what is left, best effort; call `destroy` to learn of errors.
    virtual ~Sandbox() = default;

    /// Copies the regular files below the host directory `source` to /work, owned by the build
    /// user; what is there under the same name is replaced, links in `source` are left out.
    /// @return `not_found` if there is no `source`; `limit_exceeded` if the disk is too small;
    ///         `rejected` if a command put something that is no directory where one is needed.
    virtual Result<void> upload(const std::filesystem::path& source) = 0;

    /// Runs one command to its end, streaming its output to `sink`.
    ///
    /// A command that ran is a value whatever its exit code. When `deadline` passes or `stop` is
    /// requested the whole sandbox is killed, not only the command.
    /// @return `timed_out`, `cancelled`; `unavailable` if the provider failed to run it at all.
    virtual Result<CommandExit>
    run(const SandboxCommand& command, LineSink& sink, Instant deadline, std::stop_token stop) = 0;

    /// The content of one regular file below /work, given relative to it; nothing if there is none.
    /// Follows no link. @return `limit_exceeded` if it is larger than `max_bytes`.
    virtual Result<std::optional<std::string>>
    read_file(const std::string& path, std::uint64_t max_bytes) = 0;

    /// The names directly below a directory of /work, directories with a trailing `/`, sorted.
    /// Follows no link. @return `not_found` if it is not a directory.
    virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;

    /// Kills what still runs in the sandbox, so that nothing changes any more and no command runs
    /// after it, and copies the directory `directory` of /work into the empty host directory
    /// `into`: regular files and directories only. A link, device, FIFO or socket, a name that is
    /// not printable UTF-8, and what is past the limits, ends the copy.
    /// @return `not_found` if there is no such directory; `rejected` for a file of a forbidden kind
    ///         or name, `limit_exceeded` (their details are fit to be shown to the user).
    struct CollectLimits {
        std::uint64_t files{20'000};
        std::uint64_t bytes{1ULL << 30U};
        std::uint64_t file_bytes{100ULL << 20U};
    };

    virtual Result<void> collect(
        const std::string& directory,
        const std::filesystem::path& into,
        const CollectLimits& limits
    ) = 0;

    /// Sets aside what /work and the home hold, without the files of the host directory `tree`,
    /// which were uploaded before, and goes on with the same content: what is set aside is not
    /// changed by anything that follows. Every process of the sandbox is killed.
    ///
    /// When the sandbox is destroyed, what was set aside becomes the file `image`, for
    /// `SandboxSpec::base`, or nothing comes there. Once a sandbox, and not in one that has a base;
    /// some 100 ms.
    /// @return `rejected` if a file of the tree is not what was uploaded any more (the detail is
    ///         its path) or the provider has no images: the sandbox is as it was. After any other
    ///         error it can only be destroyed.
    virtual Result<void>
    checkpoint(const std::filesystem::path& tree, const std::filesystem::path& image) = 0;

    /// Kills every process and frees everything the sandbox held. Idempotent.
    virtual Result<void> destroy() = 0;
};

/// Thread-safe.
class SandboxProvider {
public:
    virtual ~SandboxProvider() = default;

    /// `local`, `daytona`, …; shown to users.
    virtual std::string_view name() const = 0;

    /// Whether its sandboxes have `checkpoint` and take a `base`.
    virtual bool has_images() const { return false; }

    /// Isolation that cannot be set up in full is an error, never a weaker sandbox. An environment
    /// left over under the same id is destroyed first.
    /// @return `unavailable` if the provider cannot give one now, or this process has a sandbox of
    ///         that id already; `rejected` if an image of the spec is damaged or not there.
    virtual Result<std::unique_ptr<Sandbox>> create(const SandboxSpec& spec) = 0;

    /// Destroys every environment that was made under the worker id `worker_id`, but for those that
    /// `create` of this provider handed out and that still live. Any time, beside `create` and the
    /// use of sandboxes: at start, and then again and again, so that what could not be destroyed
    /// once is tried again. The caller makes sure that no other process is that worker, or becomes
    /// it before this returns (`WorkerIdentity`).
    ///
    /// Goes on after a failure. @return `unavailable` with all failures.
    virtual Result<void> remove_orphans(const std::string& worker_id) = 0;
};

}  // namespace libra
