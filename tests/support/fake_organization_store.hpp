#pragma once

#include "shared/storage/organization_store.hpp"

#include <string>
#include <vector>

namespace libra::testing {

/// Gives the answers it was told to and writes down what it was asked.
class FakeOrganizationStore final : public OrganizationStore {
public:
    Result<OrganizationPage> page{OrganizationPage{}};
    Result<OrganizationRecord> record{OrganizationRecord{.id = "acme", .name = "Acme"}};
    Result<OrganizationVerdict> verdict{OrganizationVerdict::done};
    Result<MemberPage> member_page{MemberPage{}};
    Result<std::vector<AllowanceRecord>> left{std::vector<AllowanceRecord>{}};
    std::vector<std::string> calls{};
    Requester requester{};  // of the last call
    NewOrganization created{};
    NewAllowance allowance{};

    Result<OrganizationPage>
    list(const Requester& by, const std::optional<std::string>& after, int limit) override
    {
        note(by, "list after " + after.value_or("-") + " " + std::to_string(limit));
        return page;
    }

    Result<OrganizationRecord> find(const Requester& by, const std::string& id) override
    {
        note(by, "find " + id);
        return record;
    }

    Result<OrganizationVerdict>
    create(const Requester& by, const NewOrganization& organization) override
    {
        note(by, "create " + organization.id);
        created = organization;
        return verdict;
    }

    Result<OrganizationVerdict>
    rename(const Requester& by, const std::string& id, const std::string& name) override
    {
        note(by, "rename " + id + " " + name);
        return verdict;
    }

    Result<MemberPage> members(
        const Requester& by,
        const std::string& id,
        const std::optional<std::string>& after,
        int limit
    ) override
    {
        note(by, "members " + id + " after " + after.value_or("-") + " " + std::to_string(limit));
        return member_page;
    }

    Result<OrganizationVerdict> set_member(
        const Requester& by,
        const std::string& id,
        const std::string& user_id,
        const std::optional<std::string>& role
    ) override
    {
        note(by, "set " + id + " " + user_id + " " + role.value_or("-"));
        return verdict;
    }

    Result<OrganizationVerdict>
    set_plan(const Requester& by, const std::string& id, const NewAllowance& wanted) override
    {
        note(by, "plan " + id + " " + wanted.plan);
        allowance = wanted;
        return verdict;
    }

    Result<std::vector<AllowanceRecord>>
    allowances(const Requester& by, const std::string& id) override
    {
        note(by, "allowances " + id);
        return left;
    }

private:
    void note(const Requester& by, std::string call)
    {
        requester = by;
        calls.push_back(std::move(call));
    }
};

}  // namespace libra::testing
