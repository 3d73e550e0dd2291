#pragma once

#include "deploy-worker/build/build_environment.hpp"
#include "deploy-worker/pipeline/job.hpp"
#include "deploy-worker/process/line_sink.hpp"
#include "shared/base/secret_box.hpp"
#include "shared/domain/failure.hpp"

namespace libra {

/// The job's variables, opened; their names go to `output`. `box` is null where the platform has no
/// key. Transient failure: a secret does not open.
Outcome<BuildEnvironment> build_variables(const SecretBox* box, const Job& job, LineSink& output);

}  // namespace libra
