#pragma once

#include "deploy-worker/pipeline/job.hpp"
#include "shared/domain/failure_report.hpp"
#include "shared/objects/object_store.hpp"
#include "shared/storage/project_store.hpp"

#include <optional>

/// @file A failed build beside the project's last good release.

namespace libra {

/// What changed since the project's last good release; nothing if it has none. Best effort: what
/// cannot be had is left out, since an explanation is not worth an attempt. Blocks on both stores.
std::optional<ReleaseChanges>
changes_since_good_release(ProjectStore& projects, ObjectStore& objects, const Job& job);

}  // namespace libra
