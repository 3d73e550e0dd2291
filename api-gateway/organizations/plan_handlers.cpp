#include "api-gateway/organizations/plan_handlers.hpp"

#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/api/query_reader.hpp"
#include "api-gateway/organizations/errors.hpp"
#include "shared/domain/rules.hpp"
#include "shared/wire/answers.hpp"
#include "shared/wire/organization_requests.hpp"

#include <utility>

namespace libra {

namespace {

QuotaOverview
overview_of(const std::string& org_id, const std::vector<AllowanceRecord>& found, UtcTime now)
{
    QuotaOverview overview{.org_id = org_id, .timestamp = now};
    for (const AllowanceRecord& allowance : found) {
        overview.plans.push_back(
            {.plan = allowance.plan,
             .limit = allowance.limit,
             .used = allowance.used,
             .resets_at = allowance.resets_at}
        );
    }
    return overview;
}

}  // namespace

PlanSetHandler::PlanSetHandler(const Parts& parts, Log log)
    : OrganizationHandler{parts, "admin", std::move(log)}
{
}

HttpResponse PlanSetHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const std::string org_id{request.segment(1)};
    if (id_problem(org_id)) {
        return error(k_invalid_id, k_invalid_organization_id);
    }
    const std::string plan{request.segment(3)};
    if (plan != "free" && plan != "paid") {
        return error(k_invalid_plan);
    }
    if (!caller.operates_platform()) {
        return error(k_not_an_operator);
    }
    const auto parsed = parse_new_plan(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const auto& wanted = std::get<NewPlanRequest>(parsed);
    const NewAllowance allowance{
        .plan = plan,
        .limit = wanted.limit,
        .period = parse_plan_period(wanted.period.value_or("month")).value(),
    };
    const Requester requester = requester_of(request, caller);
    const Result<OrganizationVerdict> set = organizations().set_plan(requester, org_id, allowance);
    if (!set) {
        return failed(set.error(), request);
    }
    if (*set != OrganizationVerdict::done) {
        return refused(*set);
    }
    const auto allowances = organizations().allowances(requester, org_id);
    if (!allowances) {
        return failed(allowances.error(), request, k_organization_not_found);
    }
    return json_response(200, encode_quota(overview_of(org_id, *allowances, now())));
}

QuotaHandler::QuotaHandler(const Parts& parts, Log log)
    : OrganizationHandler{parts, "read", std::move(log)}
{
}

HttpResponse QuotaHandler::answer(const HttpRequest& request, const Principal& caller)
{
    QueryReader reader{request};
    const std::string org_id = reader.required_id("orgId");
    if (const Problems problems = std::move(reader).finish(); !problems.empty()) {
        return error_response(
            k_validation_failed, now(), k_invalid_query, encode_problems(problems)
        );
    }
    Requester requester = requester_of(request, caller);
    requester.everywhere = caller.service;
    const auto allowances = organizations().allowances(requester, org_id);
    if (!allowances) {
        return failed(allowances.error(), request, k_organization_not_found);
    }
    return json_response(200, encode_quota(overview_of(org_id, *allowances, now())));
}

}  // namespace libra
