#pragma once

#include "api-gateway/organizations/organization_handler.hpp"

namespace libra {

/// GET /organizations: the caller's, and for operators all.
class OrganizationListHandler final : public OrganizationHandler {
public:
    OrganizationListHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

/// POST /organizations: for operators.
class OrganizationCreateHandler final : public OrganizationHandler {
public:
    OrganizationCreateHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

/// GET /organizations/{orgId}.
class OrganizationDetailHandler final : public OneOrganizationHandler {
public:
    OrganizationDetailHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_for(const std::string& org_id, const HttpRequest& request, const Requester& requester)
        override;
};

/// PATCH /organizations/{orgId}: for its owners and admins.
class OrganizationChangeHandler final : public OneOrganizationHandler {
public:
    OrganizationChangeHandler(const Parts& parts, Log log);

protected:
    HttpResponse
    answer_for(const std::string& org_id, const HttpRequest& request, const Requester& requester)
        override;
};

}  // namespace libra
