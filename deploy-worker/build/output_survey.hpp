#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/wire/source_manifest.hpp"

#include <string>
#include <vector>

/// @file What a build left, where no site was found where it was looked for.

namespace libra {

/// Directories below /work, in the order of their depth; at most 8 of each.
struct OutputSurvey {
    std::vector<std::string> pages{};  // with an index.html that was not deployed
    std::vector<std::string> made{};   // of which `tree` has no file; not what is below others
};

/// Looks into at most 200 directories, four levels deep, and not into those of dependencies and
/// caches. Best effort: what cannot be read is passed over.
OutputSurvey survey_output(Sandbox& sandbox, const SourceManifest& tree);

}  // namespace libra
