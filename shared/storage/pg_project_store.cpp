#include "shared/storage/pg_project_store.hpp"

#include "shared/storage/pg_fence.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <algorithm>

namespace libra {

PgProjectStore::PgProjectStore(PgPool& pool) : pool_{pool} {}

Result<Standing> PgProjectStore::standing(const Lease& lease)
{
    return answer_of_statement<Standing>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<Standing> {
            const pqxx::result rows = statement.exec_params(
                R"(
                    select p.active, p.org_id = d.org_id,
                           coalesce(m.role in ('owner', 'admin', 'member'), false)
                    from deployments d
                    join projects p on p.id = d.project_id
                    left join members m on m.org_id = d.org_id and m.user_id = d.user_id
                    where d.id = $1 and d.fence = $2 and d.status = 'in_progress'
                )",
                lease.deployment_id,
                lease.fence
            );
            if (rows.empty()) {
                return fenced(lease);
            }
            return Standing{
                .project_active = rows[0][0].as<bool>(),
                .project_in_org = rows[0][1].as<bool>(),
                .caller_may_deploy = rows[0][2].as<bool>()};
        }
    );
}

Result<bool> PgProjectStore::reserve_domain(const Lease& lease, const std::string& hostname)
{
    return answer_of_transaction<bool>(
        pool_,
        [&](pqxx::transaction_base& transaction) -> Result<bool> {
            const Result<HeldDeployment> held = hold(transaction, lease);
            if (held.has_error()) {
                return held.error();
            }
            transaction.exec_params(
                R"(
                    insert into domains (hostname, project_id) values ($1, $2)
                    on conflict (hostname) do nothing
                )",
                hostname,
                held->project_id
            );
            const pqxx::result owned = transaction.exec_params(
                "select from domains where hostname = $1 and project_id = $2",
                hostname,
                held->project_id
            );
            return !owned.empty();
        }
    );
}

Result<std::optional<Digest>> PgProjectStore::base_source(const Lease& lease)
{
    return answer_of_statement<std::optional<Digest>>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<std::optional<Digest>> {
            const pqxx::result rows = statement.exec_params(
                R"(
                    with quickly as materialized (
                        select set_config('synchronous_commit', 'off', true)
                    )
                    update deployments d
                    set base_source = coalesce(d.base_source, (
                        select older.source from deployments older
                        where older.project_id = d.project_id
                            and older.generation < coalesce(d.base_generation, d.generation)
                            and older.source is not null
                        order by older.generation desc
                        limit 1))
                    from quickly
                    where d.id = $1 and d.fence = $2 and d.status = 'in_progress'
                    returning encode(d.base_source, 'hex')
                )",
                lease.deployment_id,
                lease.fence
            );
            if (rows.empty()) {
                return fenced(lease);
            }
            if (rows[0][0].is_null()) {
                return std::optional<Digest>{};
            }
            return Digest::parse(rows[0][0].as<std::string>());
        }
    );
}

Result<std::optional<std::string>> PgProjectStore::site_template(const Lease& lease)
{
    return answer_of_statement<std::optional<std::string>>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<std::optional<std::string>> {
            const pqxx::result rows = statement.exec_params(
                R"(
                    select p.site_template from deployments d join projects p on p.id = d.project_id
                    where d.id = $1 and d.fence = $2 and d.status = 'in_progress'
                )",
                lease.deployment_id,
                lease.fence
            );
            if (rows.empty()) {
                return fenced(lease);
            }
            return optional_text(rows[0][0]);
        }
    );
}

Result<std::vector<StoredVariable>> PgProjectStore::variables(const Lease& lease)
{
    const auto read = [&](pqxx::transaction_base& statement
                      ) -> Result<std::vector<StoredVariable>> {
        // One row without a name for a project that has none.
        const pqxx::result rows = statement.exec_params(
            R"(
                with held as (
                    update deployments d
                    set variable_versions = (
                        select coalesce(
                            jsonb_object_agg(
                                v.name, (extract(epoch from v.updated_at) * 1000000)::bigint),
                            '{}')
                        from variables v where v.project_id = d.project_id)
                    where d.id = $1 and d.fence = $2 and d.status = 'in_progress'
                    returning d.project_id)
                select v.name, v.value, v.sealed
                from held left join variables v on v.project_id = held.project_id
                order by v.name
            )",
            lease.deployment_id,
            lease.fence
        );
        if (rows.empty()) {
            return fenced(lease);
        }
        std::vector<StoredVariable> variables;
        for (const pqxx::row& row : rows) {
            if (row[0].is_null()) {
                continue;
            }
            const bool secret = row[1].is_null();
            variables.push_back(
                {.name = row[0].as<std::string>(),
                 .value = secret ? pqxx::binarystring{row[2]}.str() : row[1].as<std::string>(),
                 .secret = secret}
            );
        }
        return variables;
    };
    return answer_of_statement<std::vector<StoredVariable>>(pool_, read);
}

Result<std::optional<ReusableBuild>>
PgProjectStore::note_build(const Lease& lease, const Digest& key)
{
    const auto note = [&](pqxx::transaction_base& statement
                      ) -> Result<std::optional<ReusableBuild>> {
        // A release that stood for later builds has one row for each: the first of them built it.
        const pqxx::result rows = statement.exec_params(
            R"(
                with noted as (
                    update deployments set build_key = $3
                    where id = $1 and fence = $2 and status = 'in_progress'
                    returning project_id)
                select r.name, encode(r.artifact, 'hex') as artifact, r.files, r.bytes, r.maker,
                       r.took
                from noted left join lateral (
                    select r.name, r.artifact, r.files, r.bytes,
                           (array_agg(r.deployment_id order by r.generation))[1] as maker,
                           coalesce(max(
                               coalesce((d.statistics->'stepMilliseconds'->>'sandbox')::bigint, 0)
                               + coalesce((d.statistics->'stepMilliseconds'->>'build')::bigint, 0)
                           ), 0) as took
                    from deployments d join releases r on r.deployment_id = d.id
                    where d.project_id = noted.project_id and d.build_key = $3 and d.id <> $1
                    group by r.name, r.artifact, r.files, r.bytes
                    order by max(r.generation) desc
                    limit 1) r on true
            )",
            lease.deployment_id,
            lease.fence,
            bytea(key)
        );
        if (rows.empty()) {
            return fenced(lease);
        }
        if (rows[0]["name"].is_null()) {
            return std::optional<ReusableBuild>{};
        }
        const auto digest = Digest::parse(rows[0]["artifact"].as<std::string>());
        return ReusableBuild{
            .deployment_id = rows[0]["maker"].as<std::string>(),
            .artifact =
                {.release_name = rows[0]["name"].as<std::string>(),
                 .digest = digest.value(),
                 .files = rows[0]["files"].as<std::uint64_t>(),
                 .bytes = rows[0]["bytes"].as<std::uint64_t>()},
            .took = std::chrono::milliseconds{rows[0]["took"].as<std::int64_t>()}};
    };
    return answer_of_statement<std::optional<ReusableBuild>>(pool_, note);
}

Result<ReleaseComparison> PgProjectStore::last_good_release(const Lease& lease)
{
    const auto read = [&](pqxx::transaction_base& statement) -> Result<ReleaseComparison> {
        // What was brought back was made by another deployment, which has its inputs.
        const pqxx::result rows = statement.exec_params(
            R"(
                select d.variable_versions, good.id as good,
                       floor(extract(epoch from good.finished_at) * 1000)::bigint as finished_at,
                       encode(good.source, 'hex') as source,
                       coalesce(made.variable_versions, good.variable_versions) as good_variables,
                       coalesce(made.build, good.statistics->'build') as good_build
                from deployments d
                left join lateral (
                    select * from deployments g
                    where g.project_id = d.project_id and g.generation < d.generation
                        and g.status = 'completed'
                    order by g.generation desc limit 1) good on true
                left join lateral (
                    select m.variable_versions, m.statistics->'build' as build from releases r
                    join deployments m on m.id = r.deployment_id
                    where r.project_id = good.project_id and r.name = good.release_name
                        and m.kind in ('deploy', 'retry')
                    order by r.generation limit 1) made on true
                where d.id = $1 and d.fence = $2 and d.status = 'in_progress'
            )",
            lease.deployment_id,
            lease.fence
        );
        if (rows.empty()) {
            return fenced(lease);
        }
        const pqxx::row row = rows[0];
        ReleaseComparison comparison{.variable_versions = optional_text(row["variable_versions"])};
        if (row["good"].is_null()) {
            return comparison;
        }
        GoodRelease good{
            .deployment_id = row["good"].as<std::string>(),
            .finished_at = utc_time(row["finished_at"]),
            .variable_versions = optional_text(row["good_variables"]),
            .build = optional_text(row["good_build"])};
        if (!row["source"].is_null()) {
            good.source = Digest::parse(row["source"].as<std::string>());
        }
        comparison.last_good = std::move(good);
        return comparison;
    };
    return answer_of_statement<ReleaseComparison>(pool_, read);
}

Result<void> PgProjectStore::set_source(const Lease& lease, const Digest& manifest)
{
    return pool_.autocommit([&](pqxx::transaction_base& statement) -> Result<void> {
        const pqxx::result written = statement.exec_params(
            R"(
                with quickly as materialized (
                    select set_config('synchronous_commit', 'off', true)
                )
                update deployments set source = $3 from quickly
                where id = $1 and fence = $2 and status = 'in_progress'
            )",
            lease.deployment_id,
            lease.fence,
            bytea(manifest)
        );
        if (written.affected_rows() == 0) {
            return fenced(lease);
        }
        return {};
    });
}

}  // namespace libra
