#pragma once

#include "api-gateway/redeploy/redeploy_handler.hpp"

namespace libra {

/// POST /deployments/{id}/retry: the same files once more.
class RetryHandler final : public RedeployHandler {
public:
    using RedeployHandler::RedeployHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

/// POST /deployments/{id}/promote: its finished release is made live.
class PromoteHandler final : public RedeployHandler {
public:
    using RedeployHandler::RedeployHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

/// POST /projects/{id}/rollback: a finished release is made live, unless the body names one that
/// which was live before.
class RollbackHandler final : public RedeployHandler {
public:
    using RedeployHandler::RedeployHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

}  // namespace libra
