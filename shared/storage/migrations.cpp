#include "shared/storage/migrations.hpp"

#include "shared/base/digest.hpp"
#include "shared/storage/pg_connection.hpp"
#include "shared/storage/pg_fault.hpp"

#include <fmt/format.h>
#include <pqxx/result>
#include <pqxx/transaction>

#include <map>
#include <string>

namespace libra {

namespace embedded {

std::string_view migration_0001();
std::string_view migration_0002();
std::string_view migration_0003();
std::string_view migration_0004();
std::string_view migration_0005();
std::string_view migration_0006();
std::string_view migration_0007();
std::string_view migration_0008();
std::string_view migration_0009();
std::string_view migration_0010();
std::string_view migration_0011();
std::string_view migration_0012();
std::string_view migration_0013();
std::string_view migration_0014();
std::string_view migration_0015();
std::string_view migration_0016();
std::string_view migration_0017();
std::string_view migration_0018();
std::string_view migration_0019();
std::string_view migration_0020();
std::string_view migration_0021();
std::string_view migration_0022();
std::string_view migration_0023();
std::string_view migration_0024();
std::string_view migration_0025();
std::string_view migration_0026();
std::string_view migration_0027();
std::string_view migration_0028();
std::string_view migration_0029();
std::string_view migration_0030();
std::string_view migration_0031();

}  // namespace embedded

namespace {

using Checksums = std::map<int, std::string>;  // by version

Checksums applied_checksums(pqxx::work& transaction)
{
    // The one writer at a time; the lock ends with the transaction. The number is only ours.
    transaction.exec("select pg_advisory_xact_lock(4720651963)");
    transaction.exec(R"(
        create table if not exists schema_migrations (
            version    integer primary key,
            name       text not null,
            checksum   text not null,
            applied_at timestamptz not null default now()
        )
    )");
    Checksums checksums;
    for (const pqxx::row& row :
         transaction.exec("select version, checksum from schema_migrations")) {
        checksums.emplace(row[0].as<int>(), row[1].as<std::string>());
    }
    return checksums;
}

void apply(pqxx::work& transaction, const Migration& migration, const std::string& checksum)
{
    transaction.exec(std::string{migration.sql});
    transaction.exec_params(
        "insert into schema_migrations (version, name, checksum) values ($1, $2, $3)",
        migration.version,
        std::string{migration.name},
        checksum
    );
}

std::string checksum_of(const Migration& migration)
{
    return migration.known_as.empty() ? sha256(migration.sql).hex()
                                      : std::string{migration.known_as};
}

Result<int> apply_missing(pqxx::connection_base& session, std::span<const Migration> migrations)
{
    pqxx::work transaction{session};
    const Checksums applied = applied_checksums(transaction);
    int count = 0;
    for (const Migration& migration : migrations) {
        const std::string checksum = checksum_of(migration);
        const auto known = applied.find(migration.version);
        if (known == applied.end()) {
            apply(transaction, migration, checksum);
            ++count;
        } else if (known->second != checksum) {
            return Error{
                Errc::conflict,
                fmt::format(
                    "migration {} was changed after this database applied it; restore it and put "
                    "the change into a new migration",
                    migration.name
                )};
        }
    }
    transaction.commit();
    return count;
}

}  // namespace

std::vector<Migration> embedded_migrations()
{
    std::vector<Migration> all{
        {.version = 1, .name = "0001_initial", .sql = embedded::migration_0001()},
        {.version = 2, .name = "0002_recovery", .sql = embedded::migration_0002()},
        {.version = 3, .name = "0003_dead_letters", .sql = embedded::migration_0003()},
        {.version = 4, .name = "0004_idempotency_keys", .sql = embedded::migration_0004()},
        {.version = 5, .name = "0005_history", .sql = embedded::migration_0005()},
        {.version = 6, .name = "0006_uploaded_files", .sql = embedded::migration_0006()},
        {.version = 7, .name = "0007_projects", .sql = embedded::migration_0007()},
        {.version = 8, .name = "0008_accounts", .sql = embedded::migration_0008()},
        {.version = 9, .name = "0009_outbox_allowance", .sql = embedded::migration_0009()},
        {.version = 10, .name = "0010_events", .sql = embedded::migration_0010()},
        {.version = 11, .name = "0011_variables", .sql = embedded::migration_0011()},
        {.version = 12, .name = "0012_deploy_rate", .sql = embedded::migration_0012()},
        {.version = 13, .name = "0013_redeploy", .sql = embedded::migration_0013()},
        {.version = 14, .name = "0014_cancel_during_switch", .sql = embedded::migration_0014()},
        {.version = 15, .name = "0015_poison_and_strangers", .sql = embedded::migration_0015()},
        {.version = 16, .name = "0016_organizations", .sql = embedded::migration_0016()},
        {.version = 17, .name = "0017_queue_overview", .sql = embedded::migration_0017()},
        {.version = 18, .name = "0018_jwts", .sql = embedded::migration_0018()},
        {.version = 19, .name = "0019_notifications", .sql = embedded::migration_0019()},
        {.version = 20, .name = "0020_kept_plans", .sql = embedded::migration_0020()},
        {.version = 21, .name = "0021_failure_reports", .sql = embedded::migration_0021()},
        {.version = 22, .name = "0022_build_settings", .sql = embedded::migration_0022()},
        {.version = 23, .name = "0023_artifacts", .sql = embedded::migration_0023()},
        {.version = 24, .name = "0024_retention", .sql = embedded::migration_0024()},
        {.version = 25, .name = "0025_disks", .sql = embedded::migration_0025()},
        {.version = 26, .name = "0026_build_keys", .sql = embedded::migration_0026()},
        {.version = 27, .name = "0027_site_templates", .sql = embedded::migration_0027()},
        {.version = 28, .name = "0028_variable_versions", .sql = embedded::migration_0028()},
        {.version = 29, .name = "0029_bodies_as_text", .sql = embedded::migration_0029()},
        {.version = 30, .name = "0030_release_before", .sql = embedded::migration_0030()},
        {.version = 31, .name = "0031_traces", .sql = embedded::migration_0031()},
    };
    // PostgreSQL 15.20 could not go on from there.
    all.front().known_as = "4b8b5ff81db6e1d7d207d8b397483bb93aff6de07f19360e954547b5cd21eac4";
    return all;
}

Result<int> apply_migrations(const PgSettings& settings, std::span<const Migration> migrations)
{
    PgSettings patient = settings;
    patient.statement_timeout = std::chrono::minutes{1};
    patient.lock_timeout = patient.statement_timeout;
    patient.call_limit = patient.statement_timeout;
    Result<std::unique_ptr<PgConnection>> connection = PgConnection::open(patient);
    if (connection.has_error()) {
        return connection.error();
    }
    try {
        return apply_missing((*connection)->session(), migrations);
    } catch (const std::exception& exception) {
        if (pg_fault(exception) || !(*connection)->usable()) {
            return Error{Errc::unavailable, exception.what()};
        }
        throw;
    }
}

}  // namespace libra
