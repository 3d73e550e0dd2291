#include "deploy-worker/pipeline/steps/validate_step.hpp"

#include "shared/domain/rules.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

namespace {

Outcome<void> check_standing(ProjectStore& store, const Lease& lease)
{
    const Result<Standing> standing = store.standing(lease);
    if (standing.has_error()) {
        return transient_failure("the check of the project", standing.error());
    }
    if (!standing->project_active || !standing->project_in_org) {
        return user_failure(
            "project_inactive",
            "The project is not active in this organisation any more. Restore it, or deploy "
            "another."
        );
    }
    if (!standing->caller_may_deploy) {
        return user_failure(
            "not_allowed",
            "Whoever asked for this deployment may no longer deploy in this organisation."
        );
    }
    return {};
}

Outcome<void> take_domain(
    ProjectStore& store,
    const Lease& lease,
    const std::string& domain,
    const std::string& platform_domain
)
{
    const HostName host = check_custom_domain(domain, platform_domain);
    if (!host.problem.empty()) {
        return user_failure("invalid_domain", "The custom domain " + host.problem + ".");
    }
    const Result<bool> reserved = store.reserve_domain(lease, host.ascii);
    if (reserved.has_error()) {
        return transient_failure("the reservation of the custom domain", reserved.error());
    }
    if (!*reserved) {
        return user_failure(
            "domain_taken",
            "The custom domain belongs to another project. Remove it there, or choose another."
        );
    }
    return {};
}

}  // namespace

ValidateStep::ValidateStep(ProjectStore& store, std::string platform_domain)
    : store_{store}, platform_domain_{std::move(platform_domain)}
{
}

Outcome<void> ValidateStep::run(Job& job, StepControl& /*control*/)
{
    if (Outcome<void> standing = check_standing(store_, job.claim.lease); standing.has_error()) {
        return standing;
    }
    if (job.params.custom_domain) {
        Outcome<void> domain =
            take_domain(store_, job.claim.lease, *job.params.custom_domain, platform_domain_);
        if (domain.has_error()) {
            return domain;
        }
    }
    const Result<QuotaAnswer> quota = store_.take_quota(job.claim.lease);
    if (quota.has_error()) {
        return transient_failure("the quota check", quota.error());
    }
    if (!quota->taken) {
        if (quota->limit == 0) {
            return user_failure(
                "quota_exhausted", "The organisation's plan includes no deployments. Choose a plan."
            );
        }
        return user_failure(
            "quota_exhausted",
            fmt::format(
                "All {} deployments of the organisation's plan are used. More are available from "
                "{}, "
                "or with a larger plan.",
                quota->limit,
                to_rfc3339(quota->resets_at)
            )
        );
    }
    return {};
}

}  // namespace libra
