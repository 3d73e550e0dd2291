#pragma once

#include "shared/storage/organization_store.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

class PgOrganizationStore final : public OrganizationStore {
public:
    /// `pool` must outlive it.
    explicit PgOrganizationStore(PgPool& pool) : pool_{pool} {}

    Result<OrganizationPage>
    list(const Requester& requester, const std::optional<std::string>& after, int limit) override;

    Result<OrganizationRecord> find(const Requester& requester, const std::string& id) override;

    Result<OrganizationVerdict>
    create(const Requester& requester, const NewOrganization& organization) override;

    Result<OrganizationVerdict>
    rename(const Requester& requester, const std::string& id, const std::string& name) override;

    Result<MemberPage> members(
        const Requester& requester,
        const std::string& id,
        const std::optional<std::string>& after,
        int limit
    ) override;

    Result<OrganizationVerdict> set_member(
        const Requester& requester,
        const std::string& id,
        const std::string& user_id,
        const std::optional<std::string>& role
    ) override;

    Result<OrganizationVerdict>
    set_plan(const Requester& requester, const std::string& id, const NewAllowance& allowance)
        override;

    Result<std::vector<AllowanceRecord>>
    allowances(const Requester& requester, const std::string& id) override;

private:
    PgPool& pool_;
};

}  // namespace libra
