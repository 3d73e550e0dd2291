#pragma once

#include "shared/storage/outbox_store.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

/// Its own bookkeeping may be taken back by a crash of the database, which at worst sends a message
/// twice. A claim whose answer was lost leaves its rows held until `hold` ends.
class PgOutboxStore final : public OutboxStore {
public:
    explicit PgOutboxStore(PgPool& pool);

    Result<std::vector<OutboxRow>>
    claim(const std::string& token, int limit, std::chrono::seconds hold) override;
    Result<void> remove(const std::string& token, const std::vector<std::int64_t>& ids) override;
    Result<void> release(
        const std::string& token,
        const std::vector<std::int64_t>& ids,
        std::chrono::milliseconds delay
    ) override;
    Result<std::optional<std::chrono::milliseconds>> next_due() override;

private:
    PgPool& pool_;
};

}  // namespace libra
