#include "shared/storage/pg_release_store.hpp"

#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_fence.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/transaction_base>

namespace libra {

namespace {

std::int64_t live_generation(pqxx::transaction_base& transaction, const std::string& project_id)
{
    return transaction
        .exec_params1("select live_generation from projects where id = $1", project_id)[0]
        .as<std::int64_t>();
}

void record_release(
    pqxx::transaction_base& transaction,
    const Lease& lease,
    const HeldDeployment& held,
    const NewRelease& release
)
{
    transaction.exec_params(
        R"(
            insert into releases (deployment_id, project_id, generation, artifact, files, bytes)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (deployment_id) do update
            set artifact = excluded.artifact, files = excluded.files, bytes = excluded.bytes
        )",
        lease.deployment_id,
        held.project_id,
        held.generation,
        bytea(release.artifact),
        static_cast<std::int64_t>(release.files),
        static_cast<std::int64_t>(release.bytes)
    );
    transaction.exec_params(
        "update deployments set artifact = $2 where id = $1",
        lease.deployment_id,
        bytea(release.artifact)
    );
    transaction.exec_params(
        "update projects set live_generation = $2, live_deployment = $3 where id = $1",
        held.project_id,
        held.generation,
        lease.deployment_id
    );
}

}  // namespace

PgReleaseStore::PgReleaseStore(PgPool& pool) : pool_{pool} {}

Result<SwitchVerdict> PgReleaseStore::switch_live(
    const Lease& lease,
    const NewRelease& release,
    const std::function<Result<void>()>& flip
)
{
    return answer_of_transaction<SwitchVerdict>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<SwitchVerdict> {
            lock_project(transaction, lease.deployment_id);
            const Result<HeldDeployment> held = hold(transaction, lease);
            if (held.has_error()) {
                return held.error();
            }
            if (live_generation(transaction, held->project_id) > held->generation) {
                return SwitchVerdict::superseded;
            }
            const Result<void> flipped = flip();
            if (flipped.has_error()) {
                return flipped.error();
            }
            record_release(transaction, lease, *held, release);
            return SwitchVerdict::live;
        }
    );
}

}  // namespace libra
