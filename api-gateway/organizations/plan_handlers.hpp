#pragma once

#include "api-gateway/organizations/organization_handler.hpp"

namespace libra {

/// PUT /organizations/{orgId}/plans/{plan}: for operators.
class PlanSetHandler final : public OrganizationHandler {
public:
    PlanSetHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

/// GET /quota?orgId=.
class QuotaHandler final : public OrganizationHandler {
public:
    QuotaHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

}  // namespace libra
