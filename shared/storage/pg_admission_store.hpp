#pragma once

#include "shared/storage/admission_store.hpp"
#include "shared/storage/database.hpp"
#include "shared/storage/gathering.hpp"
#include "shared/storage/outbox_allowance.hpp"
#include "shared/storage/pg_admissions.hpp"
#include "shared/storage/pg_pool.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace libra {

struct AdmissionLimits {
    int waiting_messages{10'000};           // for the broker; see OutboxAllowance
    std::optional<int> deploys_a_minute{};  // of one caller, through all gateways together
    std::size_t together{16};               // deployments accepted in one transaction
    std::size_t at_once{2};                 // such transactions at a time
};

/// `admit` is the SQL function `accept_deployment`. It answers the same for the same id however
/// often it runs, which is how a lost answer is looked up. Calls that come at the same time share a
/// transaction, unless one of them might have to wait for a lock.
class PgAdmissionStore final : public AdmissionStore {
public:
    PgAdmissionStore(PgPool& pool, OutboxRoutes routes, const AdmissionLimits& limits = {});

    Result<Principal> authenticate(const Credential& credential) override;
    Result<Admission> admit(const Credential& credential, const NewDeployment& deployment) override;

private:
    std::vector<std::optional<Result<Admission>>>
    answer(const std::vector<const AdmissionQuestion*>& questions);

    PgPool& pool_;
    OutboxRoutes routes_;
    OutboxAllowance allowance_;
    AdmissionTerms terms_;
    Gathering<AdmissionQuestion, std::optional<Result<Admission>>> together_;
};

}  // namespace libra
