#pragma once

#include "deploy-worker/process/unique_fd.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

/// @file Who a worker is among the workers of its host, and which of the others are dead.
///
/// Upstream: main. An identity is a locked file, and the kernel keeps the lock for as long as the
/// process lives, however busy or stopped it is. So whoever gets the lock of another id knows that
/// its worker is dead, and that nobody becomes that worker as long as the lock is kept.

namespace libra {

/// Held until destroyed. One thread at a time, but for `id()`.
class WorkerIdentity {
public:
    /// Removes what carries the id of a dead worker.
    using Clear = std::function<Result<void>(const std::string& id)>;

    /// Becomes the worker `id` among those that have their identities in `directory`, which is made
    /// if it is missing. Blocks for up to `patience`, or until `stop`, while another process has
    /// the id: it may be one that clears up after this worker's earlier life.
    /// @return `conflict` if it has it still; `unavailable` if the directory cannot be used, or the
    ///         id cannot be a file's name.
    static Result<WorkerIdentity> take(
        const std::filesystem::path& directory,
        const std::string& id,
        Clock& clock,
        std::chrono::milliseconds patience,
        const std::stop_token& stop
    );

    const std::string& id() const { return id_; }

    /// Calls `clear` for each dead worker, one after the other, and forgets those for which it
    /// succeeds; the others come again with the next call. A worker that starts meanwhile with the
    /// id that is being cleared waits in `take`. Blocks for as long as `clear` does.
    /// @return `unavailable` with all failures.
    Result<void> clear_dead(const Clear& clear) const;

private:
    WorkerIdentity(std::filesystem::path directory, std::string id, UniqueFd lock)
        : directory_{std::move(directory)}, id_{std::move(id)}, lock_{std::move(lock)}
    {
    }

    std::filesystem::path directory_;
    std::string id_;
    UniqueFd lock_;
};

}  // namespace libra
