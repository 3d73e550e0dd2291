#include "shared/storage/pg_domain_registry.hpp"

#include "shared/storage/pg_change.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

constexpr std::array k_add_words{
    std::pair{AddVerdict::added, "added"},
    std::pair{AddVerdict::present, "present"},
    std::pair{AddVerdict::taken, "taken"},
    std::pair{AddVerdict::too_many, "too_many"},
    std::pair{AddVerdict::project_not_found, "not_found"},
    std::pair{AddVerdict::role_not_sufficient, "role_not_sufficient"},
};
constexpr std::array k_remove_words{
    std::pair{RemoveVerdict::removed, "removed"},
    std::pair{RemoveVerdict::absent, "absent"},
    std::pair{RemoveVerdict::project_not_found, "not_found"},
    std::pair{RemoveVerdict::role_not_sufficient, "role_not_sufficient"},
};

template <class Verdict, std::size_t Size>
Verdict
verdict_of(const std::string& word, const std::array<std::pair<Verdict, const char*>, Size>& words)
{
    for (const auto& [verdict, known] : words) {
        if (word == known) {
            return verdict;
        }
    }
    throw std::logic_error{"a verdict on domains that this binary does not know: " + word};
}

DomainRecord record_of(const pqxx::row& row)
{
    return {.hostname = row[0].as<std::string>(), .created_at = utc_time(row[1])};
}

}  // namespace

Result<std::vector<DomainRecord>>
PgDomainRegistry::list(const Requester& requester, const std::string& project_id)
{
    const auto read = [&](pqxx::transaction_base& statement) -> Result<std::vector<DomainRecord>> {
        // One row without a host name for a project that has none.
        const pqxx::result rows = statement.exec_params(
            R"(
                select d.hostname, floor(extract(epoch from d.created_at) * 1000)::bigint
                from projects p left join domains d on d.project_id = p.id
                where p.id = $1 and role_in(p.org_id, $2, $3) is not null
                order by d.hostname
            )",
            project_id,
            requester.user_id,
            requester.everywhere
        );
        if (rows.empty()) {
            return Error{Errc::not_found, "no such project"};
        }
        std::vector<DomainRecord> domains;
        for (const pqxx::row& row : rows) {
            if (!row[0].is_null()) {
                domains.push_back(record_of(row));
            }
        }
        return domains;
    };
    return answer_of_statement<std::vector<DomainRecord>>(pool_, read);
}

Result<DomainAddition> PgDomainRegistry::add(
    const Requester& requester,
    const std::string& project_id,
    const std::string& hostname
)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<DomainAddition> {
        const auto word = transaction
                              .exec_params1(
                                  "select add_domain($1, $2, $3, $4, $5, $6)",
                                  project_id,
                                  hostname,
                                  k_most_domains,
                                  requester.user_id,
                                  requester.everywhere,
                                  requester.request_id
                              )[0]
                              .as<std::string>();
        DomainAddition addition{.verdict = verdict_of(word, k_add_words)};
        if (addition.verdict == AddVerdict::added || addition.verdict == AddVerdict::present) {
            addition.domain = record_of(transaction.exec_params1(
                R"(
                    select hostname, floor(extract(epoch from created_at) * 1000)::bigint
                    from domains where hostname = $1
                )",
                hostname
            ));
        }
        return addition;
    };
    return answer_of_change<DomainAddition>(pool_, project_id, work);
}

Result<RemoveVerdict> PgDomainRegistry::remove(
    const Requester& requester,
    const std::string& project_id,
    const std::string& hostname
)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<RemoveVerdict> {
        const auto word = transaction
                              .exec_params1(
                                  "select remove_domain($1, $2, $3, $4, $5)",
                                  project_id,
                                  hostname,
                                  requester.user_id,
                                  requester.everywhere,
                                  requester.request_id
                              )[0]
                              .as<std::string>();
        return verdict_of(word, k_remove_words);
    };
    return answer_of_change<RemoveVerdict>(pool_, project_id, work);
}

}  // namespace libra
