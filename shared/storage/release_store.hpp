#pragma once

#include "shared/base/digest.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/work_store.hpp"

#include <cstdint>
#include <functional>

/// @file Which release of a project is live.

namespace libra {

struct NewRelease {
    Digest artifact{};
    std::uint64_t files{};
    std::uint64_t bytes{};
};

enum class SwitchVerdict {
    live,
    superseded,  // a newer generation is live; it stays
};

/// Thread-safe; blocks and fails (`fenced`, `unavailable`) like WorkStore, plus the time of `flip`.
class ReleaseStore {
public:
    virtual ~ReleaseStore() = default;

    /// Makes the deployment's release the live one of its project, unless a newer generation is.
    ///
    /// `flip` makes the target serve it. It runs while the project's row is locked, so switches of
    /// one project happen one after the other and in the order of their generations; it must be
    /// idempotent, as it runs again when the connection breaks, and take milliseconds. If it fails
    /// its error is returned and nothing is written.
    virtual Result<SwitchVerdict> switch_live(
        const Lease& lease,
        const NewRelease& release,
        const std::function<Result<void>()>& flip
    ) = 0;
};

}  // namespace libra
