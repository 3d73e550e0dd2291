#pragma once

#include "shared/storage/database.hpp"
#include "shared/storage/pg_pool.hpp"
#include "shared/storage/redrive_store.hpp"

namespace libra {

/// Whether a change whose answer was lost was made is asked of PostgreSQL by the number of its
/// transaction: request ids are the callers' to choose, and may come twice.
class PgRedriveStore final : public RedriveStore {
public:
    PgRedriveStore(PgPool& pool, OutboxRoutes routes);

    Result<LetterPage>
    list(const LetterFilter& filter, std::optional<std::int64_t> before, int limit) override;
    Result<Letter> find(std::int64_t id) override;
    Result<RedriveVerdict> redrive(std::int64_t id, const Actor& actor) override;
    Result<RedriveCounts> redrive_matching(const LetterFilter& filter, const Actor& actor) override;
    Result<bool> discard(std::int64_t id, const std::string& reason, const Actor& actor) override;

private:
    PgPool& pool_;
    OutboxRoutes routes_;
};

}  // namespace libra
