#pragma once

#include "shared/storage/domain_registry.hpp"

#include <string>
#include <vector>

namespace libra::testing {

/// Answers what it is told to, and keeps what it was asked, each as `WHAT PROJECT HOSTNAME`.
class FakeDomainRegistry final : public DomainRegistry {
public:
    Result<std::vector<DomainRecord>>
    list(const Requester& /*requester*/, const std::string& project_id) override
    {
        calls.push_back("list " + project_id);
        return domains;
    }

    Result<DomainAddition>
    add(const Requester& /*requester*/, const std::string& project_id, const std::string& hostname
    ) override
    {
        calls.push_back("add " + project_id + ' ' + hostname);
        return addition;
    }

    Result<RemoveVerdict> remove(
        const Requester& /*requester*/,
        const std::string& project_id,
        const std::string& hostname
    ) override
    {
        calls.push_back("remove " + project_id + ' ' + hostname);
        return removal;
    }

    Result<std::vector<DomainRecord>> domains{std::vector<DomainRecord>{}};
    Result<DomainAddition> addition{
        DomainAddition{.verdict = AddVerdict::added, .domain = {.hostname = "a.example"}}};
    Result<RemoveVerdict> removal{RemoveVerdict::removed};
    std::vector<std::string> calls{};
};

}  // namespace libra::testing
