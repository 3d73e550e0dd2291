#pragma once

#include "api-gateway/history/history_handlers.hpp"
#include "api-gateway/history/log_handler.hpp"

/// @file Every endpoint that reads what became of deployments.

namespace libra {

class HistoryEndpoints {
public:
    /// What `parts` refers to must outlive it.
    HistoryEndpoints(const HistoryHandler::Parts& parts, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    DeploymentListHandler list_;
    DeploymentDetailHandler detail_;
    LogHandler log_;
};

}  // namespace libra
