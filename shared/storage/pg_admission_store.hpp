#pragma once

#include "shared/storage/admission_store.hpp"
#include "shared/storage/database.hpp"
#include "shared/storage/outbox_allowance.hpp"
#include "shared/storage/pg_pool.hpp"

#include <optional>

namespace libra {

struct AdmissionLimits {
    int waiting_messages{10'000};           // for the broker; see OutboxAllowance
    std::optional<int> deploys_a_minute{};  // of one caller, through all gateways together
};

/// `admit` is the SQL function `accept_deployment`. It answers the same for the same id however
/// often it runs, which is how a lost answer is looked up.
class PgAdmissionStore final : public AdmissionStore {
public:
    PgAdmissionStore(PgPool& pool, OutboxRoutes routes, const AdmissionLimits& limits = {});

    Result<Principal> authenticate(const Credential& credential) override;
    Result<Admission> admit(const Credential& credential, const NewDeployment& deployment) override;

private:
    PgPool& pool_;
    OutboxRoutes routes_;
    OutboxAllowance allowance_;
    std::optional<int> deploys_a_minute_;
};

}  // namespace libra
