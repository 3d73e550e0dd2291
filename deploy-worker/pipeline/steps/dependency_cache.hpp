#pragma once

#include "deploy-worker/cache/cache_store.hpp"
#include "deploy-worker/pipeline/job.hpp"
#include "deploy-worker/process/line_sink.hpp"
#include "shared/base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>

/// @file A build's dependencies: from the cache into the sandbox, and back.

namespace libra {

/// The job's plan and variables must be there. Nothing if the host's toolchain is not known.
std::optional<Digest> key_of_build(Clock& clock, const Job& job);

/// `21.3 s`
std::string in_seconds(std::chrono::milliseconds time);

/// Looks for what the job's plan would install. The job's plan and variables must be there.
void find_dependencies(CacheStore& cache, Clock& clock, const ReadSource& read, Job& job);

/// `Dependencies: from the cache of 2026-11-28 (saved 21.3 s)`
std::string said_of_hit(const DependencyUse& use);

/// Sets aside what was installed, for other builds, where the job has a key for it. That it cannot
/// be kept is said to `output` and is no error.
/// @return an error if the sandbox is of no use any more.
Result<void>
keep_dependencies(CacheStore& cache, Job& job, std::chrono::milliseconds cost, LineSink& output);

/// Makes what the sandbox has left, now that it is destroyed, an entry of the cache.
void publish_dependencies(CacheStore& cache, Clock& clock, Job& job, LineSink& output);

}  // namespace libra
