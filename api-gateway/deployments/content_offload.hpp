#pragma once

#include "shared/base/result.hpp"
#include "shared/domain/deployment.hpp"
#include "shared/objects/object_store.hpp"

/// @file Keeps queue messages small.

namespace libra {

/// Whether `offload_contents` would store anything.
bool has_large_contents(const DeploymentParams& params);

/// Puts file and history contents over 4 KiB into `objects`, and whatever comes after the first
/// 4 MiB of smaller ones, and leaves their digests in `params`.
/// @return `unavailable` of the store; `params` may then be changed in part.
Result<void> offload_contents(DeploymentParams& params, ObjectStore& objects);

}  // namespace libra
