#pragma once

#include "api-gateway/organizations/member_handlers.hpp"
#include "api-gateway/organizations/organization_handlers.hpp"
#include "api-gateway/organizations/plan_handlers.hpp"

/// @file Every endpoint about organisations and what they may.

namespace libra {

class OrganizationEndpoints {
public:
    /// What `parts` refers to must outlive it.
    OrganizationEndpoints(const OrganizationHandler::Parts& parts, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    OrganizationListHandler list_;
    OrganizationCreateHandler create_;
    OrganizationDetailHandler detail_;
    OrganizationChangeHandler change_;
    MemberListHandler members_;
    MemberSetHandler set_member_;
    MemberRemoveHandler remove_member_;
    PlanSetHandler set_plan_;
    QuotaHandler quota_;
};

}  // namespace libra
