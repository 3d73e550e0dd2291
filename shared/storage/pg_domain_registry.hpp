#pragma once

#include "shared/storage/domain_registry.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

class PgDomainRegistry final : public DomainRegistry {
public:
    explicit PgDomainRegistry(PgPool& pool) : pool_{pool} {}

    Result<std::vector<DomainRecord>>
    list(const Requester& requester, const std::string& project_id) override;
    Result<DomainAddition>
    add(const Requester& requester, const std::string& project_id, const std::string& hostname
    ) override;
    Result<RemoveVerdict>
    remove(const Requester& requester, const std::string& project_id, const std::string& hostname)
        override;

private:
    PgPool& pool_;
};

}  // namespace libra
