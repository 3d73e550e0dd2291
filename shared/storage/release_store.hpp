#pragma once

#include "shared/base/result.hpp"
#include "shared/storage/work_store.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// @file Which release of a project is live.

namespace libra {

/// Where a release is reached.
struct ReleaseUrls {
    std::string url{};
    std::string preview_url{};
};

enum class SwitchVerdict {
    live,
    superseded,  // a newer generation is live; it stays
};

/// Thread-safe; blocks and fails (`fenced`, `unavailable`) like WorkStore, plus the time of `flip`.
class ReleaseStore {
public:
    virtual ~ReleaseStore() = default;

    /// Remembers that the artifact is on the target, so that a later attempt need not build it
    /// again, and that the target is about to be switched: should no `switch_live` follow,
    /// RescueStore::restore_sites makes it serve what the database says. `source`, the manifest of
    /// the file tree, is written again: ProjectStore::set_source does not wait for the disk.
    /// @return the ticket of the switch: higher than that of every earlier one, of whatever
    /// project.
    virtual Result<std::int64_t> record_upload(
        const Lease& lease,
        const UploadedArtifact& artifact,
        const std::optional<Digest>& source
    ) = 0;

    /// Makes the uploaded artifact the live release of its project, unless a newer generation is.
    ///
    /// `flip` makes the target serve it, at the project's own host and at the custom domains it is
    /// given. It runs while the project's row is locked, so switches of one project happen one
    /// after the other and in the order of their generations; it must be idempotent, as it runs
    /// again when the connection breaks, and take milliseconds. If it fails its error is returned
    /// and nothing is written. After `conflict`, which says that the target has seen a later
    /// ticket, `record_upload` gives a fresh one: a custom domain may have been another project's
    /// until now.
    /// @return also `cancelled` when cancellation was requested before.
    virtual Result<SwitchVerdict> switch_live(
        const Lease& lease,
        const ReleaseUrls& urls,
        const std::function<Result<void>(const std::vector<std::string>& domains)>& flip
    ) = 0;
};

}  // namespace libra
