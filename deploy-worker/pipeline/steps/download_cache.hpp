#pragma once

#include "deploy-worker/cache/cache_store.hpp"
#include "deploy-worker/pipeline/job.hpp"
#include "shared/base/clock.hpp"

/// @file What a package manager has downloaded already, for an installation that the cache of
/// dependencies does not have: after a change of the lock file most of it is the same.
///
/// A kept installation has its home with it, and in that the manager's own cache. So nothing more
/// is kept than which installations of a project were the last ones. They are a project's own,
/// because its scripts can write to that home what they like.

namespace libra {

/// Where nothing is installed already: the job's `downloads` are the last installations of its
/// project, the newest first. The job's plan and `dependencies` must be there.
void find_downloads(CacheStore& cache, Clock& clock, Job& job);

/// The job's own installation, which is an entry now, is the newest.
void note_downloads(CacheStore& cache, Clock& clock, const Job& job);

}  // namespace libra
