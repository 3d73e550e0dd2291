#pragma once

#include "api-gateway/history/files_handler.hpp"
#include "api-gateway/history/history_handlers.hpp"
#include "api-gateway/history/log_handler.hpp"

/// @file Every endpoint that reads what became of deployments.

namespace libra {

class HistoryEndpoints {
public:
    /// What `parts` refers to and `objects` must outlive it.
    HistoryEndpoints(const HistoryHandler::Parts& parts, ObjectStore& objects, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    DeploymentListHandler list_;
    DeploymentDetailHandler detail_;
    FilesHandler files_;
    LogHandler log_;
};

}  // namespace libra
