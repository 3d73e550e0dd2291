#pragma once

#include "shared/domain/deployment.hpp"
#include "shared/wire/findings.hpp"
#include "shared/wire/json.hpp"
#include "shared/wire/json_writer.hpp"

/// @file DeploymentParams as a JSON value: what the request body and the queue message share.

namespace libra {

/// Adds the breaches of the path rules in `params.initFiles`, as far as its shape is good: bad
/// paths, and paths that are equal or differ only in letter case.
void check_paths(const JsonValue& params, const Place& place, Findings& findings);

/// What a digest in place of a content means.
enum class Digests {
    of_uploads,  // in a request; how many bytes it stands for is not taken from there
    of_blobs,    // in what we stored
};

/// `params` must have passed its schema. Where a file has a content and a digest the content
/// counts.
DeploymentParams read_params(const JsonValue& params, Digests digests);

void write_params(JsonWriter& json, const DeploymentParams& params);

}  // namespace libra
