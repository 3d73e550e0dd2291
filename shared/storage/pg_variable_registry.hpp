#pragma once

#include "shared/storage/pg_pool.hpp"
#include "shared/storage/variable_registry.hpp"

namespace libra {

class PgVariableRegistry final : public VariableRegistry {
public:
    explicit PgVariableRegistry(PgPool& pool) : pool_{pool} {}

    Result<std::vector<VariableRecord>>
    list(const Requester& requester, const std::string& project_id) override;
    Result<VariableChange>
    set(const Requester& requester, const std::string& project_id, const NewVariable& variable
    ) override;
    Result<VariableVerdict>
    remove(const Requester& requester, const std::string& project_id, const std::string& name)
        override;

private:
    PgPool& pool_;
};

}  // namespace libra
