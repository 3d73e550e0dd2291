#pragma once

#include "api-gateway/history/history_handler.hpp"

namespace libra {

/// GET /deployments.
class DeploymentListHandler final : public HistoryHandler {
public:
    using HistoryHandler::HistoryHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

/// GET /deployments/{id}.
class DeploymentDetailHandler final : public OneDeploymentHandler {
public:
    using OneDeploymentHandler::OneDeploymentHandler;

protected:
    HttpResponse
    answer_for(const std::string& deployment_id, const HttpRequest& request, const Reader& reader)
        override;
};

}  // namespace libra
