#pragma once

#include "shared/storage/operations_store.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

class PgOperationsStore final : public OperationsStore {
public:
    /// `pool` must outlive it.
    explicit PgOperationsStore(PgPool& pool) : pool_{pool} {}

    Result<QueueOverview> queue() override;

    Result<BacklogReading> backlog() override;

    Result<AuditPage> audit(
        const Requester& requester,
        const AuditFilter& filter,
        std::optional<std::int64_t> before,
        int limit
    ) override;

private:
    PgPool& pool_;
};

}  // namespace libra
