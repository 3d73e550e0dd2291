#pragma once

#include "deploy-worker/process/unique_fd.hpp"
#include "deploy-worker/sandbox/local_config.hpp"
#include "shared/base/result.hpp"

#include <sys/types.h>

/// @file The user ids of the host that one sandbox's users stand for.

namespace libra {

constexpr uid_t k_uids_per_sandbox = 65536;
constexpr uid_t k_build_uid = 1000;  // inside

/// A range that no other sandbox of the host has, held until destroyed, or until this process ends.
class UidRange {
public:
    UidRange() = default;  // holds none

    /// The first range whose lock is free and whose ids no process has: what a killed worker left
    /// running keeps its ids to itself until it is gone.
    /// @return `unavailable` if there is none, or the lock directory cannot be used.
    static Result<UidRange> take(const LocalSandboxConfig& config);

    uid_t first() const { return first_; }

    uid_t build_user() const { return first_ + k_build_uid; }

private:
    UidRange(uid_t first, UniqueFd lock) : first_{first}, lock_{std::move(lock)} {}

    uid_t first_{};
    UniqueFd lock_;
};

}  // namespace libra
