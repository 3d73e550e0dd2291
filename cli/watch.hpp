#pragma once

#include "cli/command_context.hpp"
#include "cli/exit_code.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace libra {

struct WatchOptions {
    std::string step{};                             // lines of this step alone; all if empty
    bool log_only{};                                // nothing but the log, and that as results
    bool offers_cancel{};                           // Ctrl-C asks whether to cancel
    std::optional<std::chrono::seconds> timeout{};  // none: until it ends
};

/// How a deployment ended.
struct DeploymentEnd {
    std::string status{};
    std::string url{};
    std::string preview_url{};
    std::string failure_class{};
    std::string error{};

    ExitCode exit_code() const;
};

/// Shows what happens to a deployment until it ends, whatever happens to the connection meanwhile.
/// Throws CommandFailed, with `timed_out` and `interrupted` among its codes.
DeploymentEnd
watch(CommandContext& context, const std::string& deployment_id, const WatchOptions& options);

/// Says how it ended, and what to do then. Its address is a result.
void report_end(
    const CommandContext& context,
    const std::string& deployment_id,
    const DeploymentEnd& end
);

}  // namespace libra
