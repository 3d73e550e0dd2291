#pragma once

#include "shared/storage/history_store.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

class PgHistoryStore final : public HistoryStore {
public:
    explicit PgHistoryStore(PgPool& pool);

    Result<HistoryPage> list(
        const Reader& reader,
        const HistoryFilter& filter,
        const std::optional<HistoryPosition>& before,
        int limit
    ) override;
    Result<DeploymentHistory> find(const Reader& reader, const std::string& deployment_id) override;
    Result<LogPage>
    log(const Reader& reader, const std::string& deployment_id, const LogSelection& selection
    ) override;

private:
    PgPool& pool_;
};

}  // namespace libra
