#pragma once

#include "shared/storage/database.hpp"
#include "shared/storage/pg_pool.hpp"
#include "shared/storage/redeploy_store.hpp"

namespace libra {

class PgRedeployStore final : public RedeployStore {
public:
    /// `outbox_limit`: how many messages may wait for the broker.
    PgRedeployStore(PgPool& pool, OutboxRoutes routes, int outbox_limit = 10'000);

    Result<RedeployAnswer> redeploy(const Redeployment& wanted) override;

private:
    PgPool& pool_;
    OutboxRoutes routes_;
    int outbox_limit_;
};

}  // namespace libra
