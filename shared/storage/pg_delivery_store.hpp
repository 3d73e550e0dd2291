#pragma once

#include "shared/storage/delivery_store.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

/// A claim whose answer was lost leaves its organisation held until `hold` ends. A message whose
/// `record` was lost is sent again: its receiver knows it by its id.
class PgDeliveryStore final : public DeliveryStore {
public:
    explicit PgDeliveryStore(PgPool& pool) : pool_{pool} {}

    Result<std::optional<ClaimedDelivery>>
    claim(const std::string& token, std::chrono::seconds hold, Lanes lanes) override;

    Result<void> record(
        const std::string& token,
        const ClaimedDelivery& delivery,
        const DeliveryOutcome& outcome
    ) override;

    Result<int> prune(std::chrono::hours age) override;

private:
    PgPool& pool_;
};

}  // namespace libra
