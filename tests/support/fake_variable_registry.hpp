#pragma once

#include "shared/storage/variable_registry.hpp"

#include <string>
#include <vector>

namespace libra::testing {

/// Answers what it is told to, and keeps what it was asked.
class FakeVariableRegistry final : public VariableRegistry {
public:
    Result<std::vector<VariableRecord>>
    list(const Requester& /*requester*/, const std::string& project_id) override
    {
        calls.push_back("list " + project_id);
        return variables;
    }

    Result<VariableChange>
    set(const Requester& /*requester*/, const std::string& project_id, const NewVariable& variable
    ) override
    {
        calls.push_back("set " + project_id + ' ' + variable.name);
        set_last = variable;
        return change;
    }

    Result<VariableVerdict>
    remove(const Requester& /*requester*/, const std::string& project_id, const std::string& name)
        override
    {
        calls.push_back("remove " + project_id + ' ' + name);
        return removal;
    }

    Result<std::vector<VariableRecord>> variables{std::vector<VariableRecord>{}};
    Result<VariableChange> change{VariableChange{.verdict = VariableVerdict::done}};
    Result<VariableVerdict> removal{VariableVerdict::done};
    NewVariable set_last{};
    std::vector<std::string> calls{};
};

}  // namespace libra::testing
