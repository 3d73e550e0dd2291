#pragma once

#include "shared/storage/database.hpp"
#include "shared/storage/dead_letter_store.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

class PgDeadLetterStore final : public DeadLetterStore {
public:
    PgDeadLetterStore(PgPool& pool, OutboxRoutes routes);

    Result<void> record_poison(const std::string& message, const std::string& reason) override;
    Result<void> bury(
        const std::string& message,
        const std::string& reason,
        const std::optional<std::string>& deployment_id
    ) override;
    Result<std::int64_t> copies_sent() override;
    Result<std::vector<std::int64_t>> letters_sent(int most) override;
    Result<std::int64_t> send_again(const std::vector<std::int64_t>& letters) override;
    Result<LetterCopy> copy_of(std::int64_t letter, const std::string& message) override;

private:
    PgPool& pool_;
    OutboxRoutes routes_;
};

}  // namespace libra
