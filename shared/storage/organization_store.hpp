#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/requester.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file Organisations, who belongs to them, and how much they may deploy.
///
/// Upstream: the gateway's /organizations and /quota. Downstream: PostgreSQL.

namespace libra {

struct OrganizationRecord {
    std::string id{};
    std::string name{};
    std::optional<std::string> role{};  // of who asks; none for an operator who is no member
    UtcTime created_at{};
};

struct OrganizationPage {
    std::vector<OrganizationRecord> organizations{};  // by id
    std::optional<std::string> next{};                // `after` of the next page
};

struct NewOrganization {
    std::string id{};
    std::string name{};
    std::string owner_id{};
    int free_limit{};  // deployments a month of its free plan
};

struct MemberRecord {
    std::string user_id{};
    std::string role{};
};

struct MemberPage {
    std::vector<MemberRecord> members{};  // by user
    std::optional<std::string> next{};
};

struct AllowanceRecord {
    std::string plan{};  // free or paid; the free one is used up first
    std::int64_t limit{};
    std::int64_t used{};
    UtcTime resets_at{};
};

enum class PlanPeriod { day, week, month, year };

std::optional<PlanPeriod> parse_plan_period(std::string_view word);
std::string_view to_string(PlanPeriod period);

struct NewAllowance {
    std::string plan{};
    int limit{};
    PlanPeriod period{PlanPeriod::month};
};

enum class OrganizationVerdict {
    done,
    not_found,  // the organisation, or of one the requester is no member of
    id_taken,
    member_not_found,
    role_not_sufficient,
    last_owner,  // whom the organisation would be left without
};

/// Thread-safe; each call is one transaction; `unavailable` when the database does not answer.
/// Every change that was done is in the audit log. A requester that acts everywhere is an operator.
class OrganizationStore {
public:
    virtual ~OrganizationStore() = default;

    virtual Result<OrganizationPage>
    list(const Requester& requester, const std::optional<std::string>& after, int limit) = 0;

    /// @return `not_found`, also for one the requester is no member of.
    virtual Result<OrganizationRecord> find(const Requester& requester, const std::string& id) = 0;

    /// With its owner and a free plan. Whether the requester may is the caller's business.
    virtual Result<OrganizationVerdict>
    create(const Requester& requester, const NewOrganization& organization) = 0;

    virtual Result<OrganizationVerdict>
    rename(const Requester& requester, const std::string& id, const std::string& name) = 0;

    /// @return `not_found` as `find`.
    virtual Result<MemberPage> members(
        const Requester& requester,
        const std::string& id,
        const std::optional<std::string>& after,
        int limit
    ) = 0;

    /// Adds the member, gives it another role or, with none, removes it. Again is as good as once,
    /// but for the removal of who is no member any more.
    virtual Result<OrganizationVerdict> set_member(
        const Requester& requester,
        const std::string& id,
        const std::string& user_id,
        const std::optional<std::string>& role
    ) = 0;

    /// Whether the requester may is the caller's business.
    virtual Result<OrganizationVerdict>
    set_plan(const Requester& requester, const std::string& id, const NewAllowance& allowance) = 0;

    /// In the order in which they are used up. @return `not_found` as `find`.
    virtual Result<std::vector<AllowanceRecord>>
    allowances(const Requester& requester, const std::string& id) = 0;
};

}  // namespace libra
