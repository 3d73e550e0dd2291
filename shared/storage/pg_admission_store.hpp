#pragma once

#include "shared/storage/admission_store.hpp"
#include "shared/storage/database.hpp"
#include "shared/storage/outbox_allowance.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

/// `admit` is the SQL function `accept_deployment`. It answers the same for the same id however
/// often it runs, which is how a lost answer is looked up.
class PgAdmissionStore final : public AdmissionStore {
public:
    /// @param outbox_limit  of messages that may wait for the broker; see OutboxAllowance.
    PgAdmissionStore(PgPool& pool, OutboxRoutes routes, int outbox_limit = 10'000);

    Result<Principal> authenticate(const Credential& credential) override;
    Result<Admission> admit(const Credential& credential, const NewDeployment& deployment) override;

private:
    PgPool& pool_;
    OutboxRoutes routes_;
    OutboxAllowance allowance_;
};

}  // namespace libra
