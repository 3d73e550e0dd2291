#pragma once

namespace libra {

/// What the process says to whoever started it.
enum class ExitCode {
    success = 0,       // done; for a deployment: it is live
    failed = 1,        // the deployment failed for a reason of its own
    usage = 2,         // a wrong command, or a request that the platform refuses
    cancelled = 3,     // the deployment was cancelled or superseded
    timed_out = 4,     // the deployment goes on, but the time to watch it is over
    platform = 5,      // the platform does not answer, or failed
    interrupted = 130  // Ctrl-C; a deployment that was watched goes on
};

}  // namespace libra
