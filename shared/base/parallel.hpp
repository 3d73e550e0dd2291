#pragma once

#include "shared/base/result.hpp"

#include <cstddef>
#include <functional>

namespace libra {

/// Calls `task` with 0 to `tasks` - 1, each once, from up to `threads` threads, of which the
/// caller's is one; returns when all have ended. What `task` throws is thrown.
///
/// Where the tasks wait for a disk, more threads than processors make sense: a file system takes
/// what is flushed at the same time to the disk as one.
/// @return the first error, after which no further task is begun.
Result<void> in_parallel(
    std::size_t tasks,
    std::size_t threads,
    const std::function<Result<void>(std::size_t)>& task
);

}  // namespace libra
