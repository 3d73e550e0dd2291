#pragma once

#include "api-gateway/api/route.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/storage/deployment_control.hpp"

/// @file POST /deployments/{id}/cancel.

namespace libra {

class DeploymentCancelHandler final : public Handler {
public:
    /// `control` and `clock` must outlive it.
    DeploymentCancelHandler(DeploymentControl& control, Clock& clock, Log log);

    HttpResponse handle(const HttpRequest& request) override;

private:
    HttpResponse answer(CancelVerdict verdict, const std::string& deployment_id);

    DeploymentControl& control_;
    Clock& clock_;
    Log log_;
};

}  // namespace libra
