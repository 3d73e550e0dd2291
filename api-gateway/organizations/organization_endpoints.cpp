#include "api-gateway/organizations/organization_endpoints.hpp"

namespace libra {

OrganizationEndpoints::OrganizationEndpoints(
    const OrganizationHandler::Parts& parts,
    const Log& log
)
    : list_{parts, log},
      create_{parts, log},
      detail_{parts, log},
      change_{parts, log},
      members_{parts, log},
      set_member_{parts, log},
      remove_member_{parts, log},
      set_plan_{parts, log},
      quota_{parts, log}
{
}

Routes OrganizationEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"GET",    "/organizations",                          on_worker, credential, nothing, &list_},
        {"POST",   "/organizations",                          on_worker, credential, json,    &create_},
        {"GET",    "/organizations/{orgId}",                  on_worker, credential, nothing, &detail_},
        {"PATCH",  "/organizations/{orgId}",                  on_worker, credential, json,    &change_},
        {"GET",    "/organizations/{orgId}/members",          on_worker, credential, nothing, &members_},
        {"PUT",    "/organizations/{orgId}/members/{userId}", on_worker, credential, json,    &set_member_},
        {"DELETE", "/organizations/{orgId}/members/{userId}", on_worker, credential, nothing, &remove_member_},
        {"PUT",    "/organizations/{orgId}/plans/{plan}",     on_worker, credential, json,    &set_plan_},
        {"GET",    "/quota",                                  on_worker, credential, nothing, &quota_},
    };
    // clang-format on
}

}  // namespace libra
