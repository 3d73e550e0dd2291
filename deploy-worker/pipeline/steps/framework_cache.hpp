#pragma once

#include "deploy-worker/cache/cache_store.hpp"
#include "deploy-worker/pipeline/job.hpp"
#include "shared/base/clock.hpp"

/// @file What a framework keeps to make its next build of the same project faster.

namespace libra {

/// Copies what the project's last good build left into the job's sandbox. Whatever goes wrong makes
/// the build slower, and nothing else.
/// @return whether there was anything.
bool restore_framework_cache(CacheStore& cache, Clock& clock, Job& job);

/// Copies it out of the sandbox, which must live still, within a limit of size; more than that is
/// not kept.
void save_framework_cache(CacheStore& cache, Clock& clock, Job& job);

}  // namespace libra
