#pragma once

#include "shared/base/result.hpp"

/// @file Taking an uploaded tree out of a sandbox's directory again.

namespace libra {

/// Whether each regular file below the open directory `tree` is below `from` too, with the same
/// content. `from` may be hostile.
/// @return `rejected` with the path of the first that is not; `unavailable`.
Result<void> check_unchanged(int from, int tree);

/// Removes each regular file below `tree` from below `from`, where it is one, and the directories
/// that are empty then; links on the way are not followed. Nothing may be writing to `from`.
Result<void> remove_tree(int from, int tree);

}  // namespace libra
