#pragma once

#include "shared/base/result.hpp"
#include "shared/storage/admission_store.hpp"
#include "shared/storage/database.hpp"
#include "shared/storage/outbox_allowance.hpp"
#include "shared/storage/pg_pool.hpp"

#include <optional>
#include <vector>

/// @file The SQL function `accept_deployment`, for one deployment and for several. Only for
/// PgAdmissionStore.

namespace libra {

struct AdmissionQuestion {
    const Credential& credential;
    const NewDeployment& deployment;
};

/// What is the same for all.
struct AdmissionTerms {
    const OutboxRoutes& routes;
    OutboxAllowance& allowance;
    std::optional<int> deploys_a_minute{};
};

/// Waits for whoever else is at the project, up to the lock timeout.
Result<Admission>
admit_one(PgPool& pool, const AdmissionTerms& terms, const AdmissionQuestion& question);

/// Whether it may be one of several: it then locks nothing but its project's row, and is small.
bool may_go_together(const NewDeployment& deployment);

/// Several in one transaction, which waits for nobody: what is about a project that is being
/// changed, or that does not exist, gets no answer. Otherwise each is answered as if they had come
/// one after the other. An error is that of all, although only one may be to blame for
/// `invalid_input`.
Result<std::vector<std::optional<Admission>>> admit_together(
    PgPool& pool,
    const AdmissionTerms& terms,
    const std::vector<const AdmissionQuestion*>& questions
);

}  // namespace libra
