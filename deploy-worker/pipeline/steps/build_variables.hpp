#pragma once

#include "deploy-worker/build/build_environment.hpp"
#include "deploy-worker/pipeline/job.hpp"
#include "deploy-worker/process/line_sink.hpp"
#include "shared/base/secret_box.hpp"
#include "shared/domain/failure.hpp"
#include "shared/storage/project_store.hpp"

namespace libra {

/// The project's variables, opened; their names go to `output`. `box` is null where the platform
/// has no key. Transient failure: the store does not answer, or a secret does not open.
Outcome<BuildEnvironment>
build_variables(ProjectStore& projects, const SecretBox* box, const Job& job, LineSink& output);

}  // namespace libra
