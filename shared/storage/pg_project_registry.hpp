#pragma once

#include "shared/storage/pg_pool.hpp"
#include "shared/storage/project_registry.hpp"

namespace libra {

class PgProjectRegistry final : public ProjectRegistry {
public:
    explicit PgProjectRegistry(PgPool& pool) : pool_{pool} {}

    Result<ProjectPage> list(
        const Requester& requester,
        const std::optional<std::string>& org_id,
        const std::optional<std::string>& after,
        int limit
    ) override;
    Result<ProjectRecord> find(const Requester& requester, const std::string& id) override;
    Result<ProjectChange> create(const Requester& requester, const NewProject& project) override;
    Result<ProjectChange>
    change(const Requester& requester, const std::string& id, const ProjectChanges& changes)
        override;
    Result<ProjectVerdict> remove(const Requester& requester, const std::string& id) override;

private:
    PgPool& pool_;
};

}  // namespace libra
