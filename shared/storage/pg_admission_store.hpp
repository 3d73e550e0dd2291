#pragma once

#include "shared/storage/admission_store.hpp"
#include "shared/storage/database.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

/// `admit` is the SQL function `accept_deployment`. It answers the same for the same id however
/// often it runs, which is how a lost answer is looked up.
class PgAdmissionStore final : public AdmissionStore {
public:
    PgAdmissionStore(PgPool& pool, OutboxRoutes routes);

    Result<Principal> authenticate(const Credential& credential) override;
    Result<Admission> admit(const Credential& credential, const NewDeployment& deployment) override;

private:
    PgPool& pool_;
    OutboxRoutes routes_;
};

}  // namespace libra
