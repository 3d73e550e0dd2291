#include "shared/storage/pg_upload_store.hpp"

#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

namespace {

UploadAccess access_of(const Principal& caller, bool organization_exists, const std::string& role)
{
    if (!organization_exists) {
        return UploadAccess::none;
    }
    if (caller.service || caller.has_scope("admin")) {
        return UploadAccess::upload;
    }
    if (role.empty()) {
        return UploadAccess::none;
    }
    return role == "viewer" ? UploadAccess::look : UploadAccess::upload;
}

}  // namespace

Result<UploadAccess> PgUploadStore::access(const Principal& caller, const std::string& org_id)
{
    return answer_of_statement<UploadAccess>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<UploadAccess> {
            const pqxx::row row = statement.exec_params1(
                R"(
                    select exists (select from organizations where id = $1),
                           (select role from members where org_id = $1 and user_id = $2)
                )",
                org_id,
                caller.user_id
            );
            return access_of(caller, row[0].as<bool>(), row[1].as<std::string>(""));
        }
    );
}

Result<bool> PgUploadStore::record(
    const std::string& org_id,
    const Digest& digest,
    std::uint64_t bytes,
    const std::string& user_id
)
{
    return answer_of_statement<bool>(pool_, [&](pqxx::transaction_base& statement) -> Result<bool> {
        return !statement
                    .exec_params(
                        R"(
                                insert into uploaded_files (org_id, digest, bytes, uploaded_by)
                                values ($1, $2, $3, $4)
                                on conflict do nothing returning 1
                            )",
                        org_id,
                        bytea(digest),
                        static_cast<std::int64_t>(bytes),
                        user_id
                    )
                    .empty();
    });
}

Result<std::set<Digest>>
PgUploadStore::uploaded(const std::string& org_id, const std::vector<Digest>& digests)
{
    // One parameter, however many they are.
    std::string words;
    for (const Digest& digest : digests) {
        words += digest.hex() + ' ';
    }
    return answer_of_statement<std::set<Digest>>(
        pool_,
        [&](pqxx::transaction_base& statement) -> Result<std::set<Digest>> {
            std::set<Digest> found;
            for (const pqxx::row& row : statement.exec_params(
                     R"(
                         select encode(digest, 'hex') from uploaded_files
                         where org_id = $1 and digest in (
                             select decode(word, 'hex')
                             from string_to_table(rtrim($2), ' ') as word)
                     )",
                     org_id,
                     words
                 )) {
                found.insert(Digest::parse(row[0].as<std::string>()).value());
            }
            return found;
        }
    );
}

}  // namespace libra
