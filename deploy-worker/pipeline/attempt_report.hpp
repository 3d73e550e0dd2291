#pragma once

#include "deploy-worker/pipeline/lease_keeper.hpp"
#include "deploy-worker/pipeline/work_observer.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/deployment.hpp"
#include "shared/domain/failure.hpp"

#include <optional>

/// @file What is said of how an attempt ended: in the service log one line, a warning only if the
/// platform has something to mend; to the observer, how it counts.

namespace libra {

struct StepFailure {
    StepName step{};
    Failure failure{};
};

/// Once the end is written. `reason`: why the attempt was stopped, if it was.
void report_end(const Log& log, const std::optional<StepFailure>& failed, StopReason reason);

/// The end could not be written, because of `error`: another attempt follows.
void report_abandoned(const Log& log, const std::optional<StepFailure>& failed, const Error& error);

/// Once the end is written. `reason`: why the attempt was stopped, if it was. `last`: no attempt
/// follows a transient failure. The times and the lookups are the caller's to fill in.
AttemptEnd end_of_attempt(const std::optional<StepFailure>& failed, StopReason reason, bool last);

}  // namespace libra
