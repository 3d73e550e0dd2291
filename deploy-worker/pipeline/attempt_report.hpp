#pragma once

#include "deploy-worker/pipeline/lease_keeper.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/deployment.hpp"
#include "shared/domain/failure.hpp"

#include <optional>

/// @file What the service log says of how an attempt ended: one line, a warning only if the
/// platform has something to mend.

namespace libra {

struct StepFailure {
    StepName step{};
    Failure failure{};
};

/// Once the end is written. `reason`: why the attempt was stopped, if it was.
void report_end(const Log& log, const std::optional<StepFailure>& failed, StopReason reason);

/// The end could not be written, because of `error`: another attempt follows.
void report_abandoned(const Log& log, const std::optional<StepFailure>& failed, const Error& error);

}  // namespace libra
