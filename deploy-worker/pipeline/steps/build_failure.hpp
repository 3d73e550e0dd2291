#pragma once

#include "deploy-worker/masking/pattern_set.hpp"
#include "deploy-worker/pipeline/job.hpp"
#include "shared/domain/failure.hpp"

#include <chrono>

/// @file A failed build, explained.

namespace libra {

struct BuildCircumstances {
    SandboxLimits limits{};
    std::chrono::milliseconds allowed{};  // what the build step had
    const PatternSet& secrets;            // of the build's environment
};

/// `failure` with a report that says what failed, the likely cause and the fix, and with a message
/// that has them too. Reads files of the job's tree and, where the output is missing, directories
/// of its sandbox. Changes neither class nor code. One that is not the project's to mend
/// (transient) is given back as it is.
Failure explained(Failure failure, Job& job, const BuildCircumstances& circumstances);

}  // namespace libra
