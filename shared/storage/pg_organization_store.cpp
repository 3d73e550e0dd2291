#include "shared/storage/pg_organization_store.hpp"

#include "shared/storage/pg_change.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <array>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

const Error k_no_such_organization{Errc::not_found, "no such organisation"};

OrganizationVerdict verdict_of(const pqxx::row& row)
{
    static constexpr std::array k_words{
        std::pair{OrganizationVerdict::done, "done"},
        std::pair{OrganizationVerdict::not_found, "not_found"},
        std::pair{OrganizationVerdict::id_taken, "id_taken"},
        std::pair{OrganizationVerdict::member_not_found, "member_not_found"},
        std::pair{OrganizationVerdict::role_not_sufficient, "role_not_sufficient"},
        std::pair{OrganizationVerdict::last_owner, "last_owner"},
    };
    const auto word = row[0].as<std::string>();
    for (const auto& [verdict, known] : k_words) {
        if (word == known) {
            return verdict;
        }
    }
    throw std::logic_error{"a verdict on organisations that this binary does not know: " + word};
}

OrganizationRecord record_of(const pqxx::row& row)
{
    return {
        .id = row[0].as<std::string>(),
        .name = row[1].as<std::string>(),
        .role = optional_text(row[2]),
        .created_at = utc_time(row[3])};
}

bool visible(pqxx::transaction_base& transaction, const Requester& requester, const std::string& id)
{
    return !transaction
                .exec_params(
                    "select where role_in($1, $2, $3) is not null",
                    id,
                    requester.user_id,
                    requester.everywhere
                )
                .empty();
}

}  // namespace

Result<OrganizationPage> PgOrganizationStore::list(
    const Requester& requester,
    const std::optional<std::string>& after,
    int limit
)
{
    const auto read = [&](pqxx::transaction_base& statement) -> Result<OrganizationPage> {
        OrganizationPage page;
        for (const pqxx::row& row : statement.exec_params(
                 R"(
                     select o.id, o.name, m.role,
                            floor(extract(epoch from o.created_at) * 1000)::bigint
                     from organizations o
                     left join members m on m.org_id = o.id and m.user_id = $1
                     where o.id > $2 and ($3 or m.user_id is not null)
                     order by o.id limit $4
                 )",
                 requester.user_id,
                 after.value_or(""),
                 requester.everywhere,
                 limit + 1
             )) {
            if (std::cmp_equal(page.organizations.size(), limit)) {
                page.next = page.organizations.back().id;
                break;
            }
            page.organizations.push_back(record_of(row));
        }
        return page;
    };
    return answer_of_statement<OrganizationPage>(pool_, read);
}

Result<OrganizationRecord>
PgOrganizationStore::find(const Requester& requester, const std::string& id)
{
    const auto read = [&](pqxx::transaction_base& statement) -> Result<OrganizationRecord> {
        const pqxx::result rows = statement.exec_params(
            R"(
                select o.id, o.name, m.role, floor(extract(epoch from o.created_at) * 1000)::bigint
                from organizations o
                left join members m on m.org_id = o.id and m.user_id = $2
                where o.id = $1 and role_in(o.id, $2, $3) is not null
            )",
            id,
            requester.user_id,
            requester.everywhere
        );
        if (rows.empty()) {
            return k_no_such_organization;
        }
        return record_of(rows[0]);
    };
    return answer_of_statement<OrganizationRecord>(pool_, read);
}

Result<OrganizationVerdict>
PgOrganizationStore::create(const Requester& requester, const NewOrganization& organization)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<OrganizationVerdict> {
        return verdict_of(transaction.exec_params1(
            "select create_organization($1, $2, $3, $4, $5, $6)",
            organization.id,
            database_text(organization.name),
            organization.owner_id,
            organization.free_limit,
            requester.user_id,
            requester.request_id
        ));
    };
    return answer_of_change<OrganizationVerdict>(pool_, organization.id, work);
}

Result<OrganizationVerdict> PgOrganizationStore::rename(
    const Requester& requester,
    const std::string& id,
    const std::string& name
)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<OrganizationVerdict> {
        return verdict_of(transaction.exec_params1(
            "select rename_organization($1, $2, $3, $4, $5)",
            id,
            database_text(name),
            requester.user_id,
            requester.everywhere,
            requester.request_id
        ));
    };
    return answer_of_change<OrganizationVerdict>(pool_, id, work);
}

Result<MemberPage> PgOrganizationStore::members(
    const Requester& requester,
    const std::string& id,
    const std::optional<std::string>& after,
    int limit
)
{
    const auto read = [&](pqxx::transaction_base& transaction) -> Result<MemberPage> {
        if (!visible(transaction, requester, id)) {
            return k_no_such_organization;
        }
        MemberPage page;
        for (const pqxx::row& row : transaction.exec_params(
                 R"(
                     select user_id, role from members
                     where org_id = $1 and user_id > $2 order by user_id limit $3
                 )",
                 id,
                 after.value_or(""),
                 limit + 1
             )) {
            if (std::cmp_equal(page.members.size(), limit)) {
                page.next = page.members.back().user_id;
                break;
            }
            page.members.push_back(
                {.user_id = row[0].as<std::string>(), .role = row[1].as<std::string>()}
            );
        }
        return page;
    };
    return answer_of_transaction<MemberPage>(pool_, read);
}

Result<OrganizationVerdict> PgOrganizationStore::set_member(
    const Requester& requester,
    const std::string& id,
    const std::string& user_id,
    const std::optional<std::string>& role
)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<OrganizationVerdict> {
        return verdict_of(transaction.exec_params1(
            "select set_member($1, $2, $3, $4, $5, $6)",
            id,
            user_id,
            role,
            requester.user_id,
            requester.everywhere,
            requester.request_id
        ));
    };
    return answer_of_change<OrganizationVerdict>(pool_, id, work);
}

Result<OrganizationVerdict> PgOrganizationStore::set_plan(
    const Requester& requester,
    const std::string& id,
    const NewAllowance& allowance
)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<OrganizationVerdict> {
        return verdict_of(transaction.exec_params1(
            "select set_plan($1, $2, $3, ('1 ' || $4)::interval, $5, $6)",
            id,
            allowance.plan,
            allowance.limit,
            std::string{to_string(allowance.period)},
            requester.user_id,
            requester.request_id
        ));
    };
    return answer_of_change<OrganizationVerdict>(pool_, id, work);
}

Result<std::vector<AllowanceRecord>>
PgOrganizationStore::allowances(const Requester& requester, const std::string& id)
{
    const auto read = [&](pqxx::transaction_base& transaction
                      ) -> Result<std::vector<AllowanceRecord>> {
        if (!visible(transaction, requester, id)) {
            return k_no_such_organization;
        }
        std::vector<AllowanceRecord> allowances;
        for (const pqxx::row& row : transaction.exec_params(
                 R"(
                     select plan, deploy_limit, used,
                            floor(extract(epoch from resets_at) * 1000)::bigint
                     from allowances_of($1)
                 )",
                 id
             )) {
            allowances.push_back(
                {.plan = row[0].as<std::string>(),
                 .limit = row[1].as<std::int64_t>(),
                 .used = row[2].as<std::int64_t>(),
                 .resets_at = utc_time(row[3])}
            );
        }
        return allowances;
    };
    return answer_of_transaction<std::vector<AllowanceRecord>>(pool_, read);
}

}  // namespace libra
