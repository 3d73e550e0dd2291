#pragma once

#include "api-gateway/operations/audit_handler.hpp"
#include "api-gateway/operations/queue_handler.hpp"

/// @file Every endpoint that those who run the platform look at, but for the dead letters.

namespace libra {

class OperationsEndpoints {
public:
    /// What `parts` refers to must outlive it.
    OperationsEndpoints(const QueueHandler::Parts& parts, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    QueueHandler queue_;
    AuditHandler audit_;
};

}  // namespace libra
