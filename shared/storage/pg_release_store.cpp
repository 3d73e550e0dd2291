#include "shared/storage/pg_release_store.hpp"

#include "shared/storage/pg_deployment_writes.hpp"
#include "shared/storage/pg_fence.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

namespace {

struct Readiness {
    bool cancel_requested{};
    std::int64_t live_generation{};
};

Readiness readiness(pqxx::transaction_base& transaction, const Lease& lease)
{
    const pqxx::row row = transaction.exec_params1(
        R"(
            select d.cancel_requested, p.live_generation
            from deployments d join projects p on p.id = d.project_id where d.id = $1
        )",
        lease.deployment_id
    );
    return {.cancel_requested = row[0].as<bool>(), .live_generation = row[1].as<std::int64_t>()};
}

void record_release(
    pqxx::transaction_base& transaction,
    const Lease& lease,
    const HeldDeployment& held,
    const ReleaseUrls& urls
)
{
    transaction.exec_params(
        R"(
            insert into releases
                (deployment_id, project_id, generation, name, artifact, files, bytes)
            select id, project_id, generation, release_name, artifact, artifact_files,
                   artifact_bytes
            from deployments where id = $1
            on conflict (deployment_id) do update
            set name = excluded.name, artifact = excluded.artifact, files = excluded.files,
                bytes = excluded.bytes
        )",
        lease.deployment_id
    );
    transaction.exec_params(
        "update deployments set url = $2, preview_url = $3 where id = $1",
        lease.deployment_id,
        urls.url,
        urls.preview_url
    );
    transaction.exec_params(
        R"(
            update projects
            set live_generation = $2, live_deployment = $3, switching = null
            where id = $1
        )",
        held.project_id,
        held.generation,
        lease.deployment_id
    );
}

void keep_manifest(
    pqxx::transaction_base& transaction,
    const Digest& artifact,
    const Digest& manifest
)
{
    transaction.exec_params(
        R"(
            insert into artifacts (digest, manifest) values ($1, $2)
            on conflict (digest) do update set manifest = excluded.manifest
            where artifacts.manifest <> excluded.manifest
        )",
        bytea(artifact),
        bytea(manifest)
    );
}

}  // namespace

PgReleaseStore::PgReleaseStore(PgPool& pool) : pool_{pool} {}

Result<std::int64_t> PgReleaseStore::record_upload(
    const Lease& lease,
    const UploadedArtifact& artifact,
    const std::optional<Digest>& source
)
{
    return answer_of_transaction<std::int64_t>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<std::int64_t> {
            lock_project(transaction, lease.deployment_id);
            const Result<HeldDeployment> held = hold(transaction, lease);
            if (held.has_error()) {
                return held.error();
            }
            transaction.exec_params(
                R"(
                    update deployments
                    set release_name = $2, artifact = $3, artifact_files = $4, artifact_bytes = $5,
                        source = coalesce(decode(nullif($6, ''), 'hex'), source)
                    where id = $1
                )",
                lease.deployment_id,
                artifact.release_name,
                bytea(artifact.digest),
                static_cast<std::int64_t>(artifact.files),
                static_cast<std::int64_t>(artifact.bytes),
                source ? source->hex() : std::string{}
            );
            if (artifact.manifest) {
                keep_manifest(transaction, artifact.digest, *artifact.manifest);
            }
            return transaction
                .exec_params1(
                    R"(
                        update projects set switching = $2 where id = $1
                        returning nextval('switch_tickets')
                    )",
                    held->project_id,
                    lease.deployment_id
                )[0]
                .as<std::int64_t>();
        }
    );
}

Result<SwitchVerdict> PgReleaseStore::switch_live(
    const Lease& lease,
    const ReleaseUrls& urls,
    const std::function<Result<void>(const std::vector<std::string>& domains)>& flip
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
            const Readiness now = readiness(transaction, lease);
            if (now.live_generation > held->generation) {
                return SwitchVerdict::superseded;
            }
            if (now.cancel_requested) {
                return Error{Errc::cancelled, "cancellation was requested before the switch"};
            }
            const Result<void> flipped = flip(domains_of(transaction, held->project_id));
            if (flipped.has_error()) {
                return flipped.error();
            }
            record_release(transaction, lease, *held, urls);
            return SwitchVerdict::live;
        }
    );
}

}  // namespace libra
