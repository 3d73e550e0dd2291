#pragma once

#include "api-gateway/redeploy/redeploy_handlers.hpp"

/// @file Every endpoint that makes a new deployment from an earlier one.

namespace libra {

class RedeployEndpoints {
public:
    /// What `parts` refers to must outlive it.
    RedeployEndpoints(const RedeployHandler::Parts& parts, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    RetryHandler retry_;
    PromoteHandler promote_;
    RollbackHandler rollback_;
};

}  // namespace libra
