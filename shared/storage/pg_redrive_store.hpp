#pragma once

#include "shared/storage/database.hpp"
#include "shared/storage/pg_pool.hpp"
#include "shared/storage/redrive_store.hpp"

namespace libra {

/// A call that changes something is told from the same call made again by the actor's request id,
/// which is how a lost answer is looked up.
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
