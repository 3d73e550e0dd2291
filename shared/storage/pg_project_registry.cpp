#include "shared/storage/pg_project_registry.hpp"

#include "shared/storage/pg_change.hpp"
#include "shared/storage/pg_transaction.hpp"
#include "shared/storage/pg_values.hpp"
#include "shared/storage/sql_text.hpp"

#include <pqxx/result>
#include <pqxx/transaction_base>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace libra {

namespace {

const Error k_no_such_project{Errc::not_found, "no such project"};

ProjectVerdict verdict_of(const std::string& word)
{
    static constexpr std::array k_words{
        std::pair{ProjectVerdict::done, "done"},
        std::pair{ProjectVerdict::not_found, "not_found"},
        std::pair{ProjectVerdict::not_a_member, "not_a_member"},
        std::pair{ProjectVerdict::role_not_sufficient, "role_not_sufficient"},
        std::pair{ProjectVerdict::id_taken, "id_taken"},
        std::pair{ProjectVerdict::label_taken, "label_taken"},
        std::pair{ProjectVerdict::deployment_in_progress, "deployment_in_progress"},
    };
    for (const auto& [verdict, known] : k_words) {
        if (word == known) {
            return verdict;
        }
    }
    throw std::logic_error{"a verdict on projects that this binary does not know: " + word};
}

ProjectRecord record_of(const pqxx::row& row)
{
    return {
        .id = row[0].as<std::string>(),
        .org_id = row[1].as<std::string>(),
        .name = row[2].as<std::string>(),
        .site_label = row[3].as<std::string>(),
        .active = row[4].as<bool>(),
        .status = row[5].as<std::string>(),
        .live_deployment = optional_text(row[6]),
        .build = optional_text(row[7]),
        .site_template = optional_text(row[9]),
        .created_at = utc_time(row[8])};
}

/// @return nothing for a project that is not there, or not for the requester to know of.
std::optional<ProjectRecord>
read_project(pqxx::transaction_base& transaction, const Requester& requester, const std::string& id)
{
    const pqxx::result rows = transaction.exec_params(
        R"(
            select id, org_id, name, site_label, active, deployment_status, live_deployment,
                   nullif(build_settings, '{}')::text,
                   floor(extract(epoch from created_at) * 1000)::bigint, site_template
            from projects where id = $1 and role_in(org_id, $2, $3) is not null
        )",
        id,
        requester.user_id,
        requester.everywhere
    );
    return rows.empty() ? std::nullopt : std::optional{record_of(rows[0])};
}

/// What a project's first files are laid on; an empty name takes the template away.
void set_template(
    pqxx::transaction_base& transaction,
    const Requester& requester,
    const std::string& id,
    const std::string& name
)
{
    transaction.exec_params(
        "select set_site_template($1, nullif($2, ''), $3, $4)",
        id,
        name,
        requester.user_id,
        requester.request_id
    );
}

/// What a change that ended with the verdict `word` answers.
ProjectChange outcome(
    pqxx::transaction_base& transaction,
    const Requester& requester,
    const std::string& id,
    const std::string& word
)
{
    ProjectChange change{.verdict = verdict_of(word)};
    if (change.verdict == ProjectVerdict::done) {
        change.project = read_project(transaction, requester, id);
    }
    return change;
}

}  // namespace

Result<ProjectPage> PgProjectRegistry::list(
    const Requester& requester,
    const std::optional<std::string>& org_id,
    const std::optional<std::string>& after,
    int limit
)
{
    const auto read = [&](pqxx::transaction_base& transaction) -> Result<ProjectPage> {
        const pqxx::result member = transaction.exec_params(
            "select where $1 = '' or role_in($1, $2, $3) is not null",
            org_id.value_or(""),
            requester.user_id,
            requester.everywhere
        );
        if (member.empty()) {
            return Error{Errc::not_found, "no such organisation"};
        }
        const pqxx::result rows = transaction.exec_params(
            R"(
                select id, org_id, name, site_label, active, deployment_status, live_deployment,
                       nullif(build_settings, '{}')::text,
                       floor(extract(epoch from created_at) * 1000)::bigint, site_template
                from projects p
                where deleted_at is null and id > $1 and ($2 = '' or org_id = $2)
                    and ($4 or exists (
                        select from members m where m.org_id = p.org_id and m.user_id = $3))
                order by id limit $5
            )",
            after.value_or(""),
            org_id.value_or(""),
            requester.user_id,
            requester.everywhere,
            limit + 1
        );
        ProjectPage page;
        for (const pqxx::row& row : rows) {
            page.projects.push_back(record_of(row));
        }
        if (page.projects.size() > static_cast<std::size_t>(limit)) {
            page.projects.pop_back();
            page.next = page.projects.back().id;
        }
        return page;
    };
    return answer_of_transaction<ProjectPage>(pool_, read);
}

Result<ProjectRecord> PgProjectRegistry::find(const Requester& requester, const std::string& id)
{
    const auto read = [&](pqxx::transaction_base& statement) -> Result<ProjectRecord> {
        std::optional<ProjectRecord> project = read_project(statement, requester, id);
        if (!project) {
            return k_no_such_project;
        }
        return *std::move(project);
    };
    return answer_of_statement<ProjectRecord>(pool_, read);
}

Result<ProjectChange>
PgProjectRegistry::create(const Requester& requester, const NewProject& project)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<ProjectChange> {
        const auto word = transaction
                              .exec_params1(
                                  "select create_project($1, $2, $3, $4, $5::jsonb, $6, $7, $8)",
                                  project.id,
                                  project.org_id,
                                  database_text(project.name),
                                  project.site_label,
                                  project.build.value_or("{}"),
                                  requester.user_id,
                                  requester.everywhere,
                                  requester.request_id
                              )[0]
                              .as<std::string>();
        if (verdict_of(word) == ProjectVerdict::done && project.site_template) {
            set_template(transaction, requester, project.id, *project.site_template);
        }
        return outcome(transaction, requester, project.id, word);
    };
    return answer_of_change<ProjectChange>(pool_, project.id, work);
}

Result<ProjectChange> PgProjectRegistry::change(
    const Requester& requester,
    const std::string& id,
    const ProjectChanges& changes
)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<ProjectChange> {
        const std::string active = changes.active ? (*changes.active ? "true" : "false") : "";
        const auto word = transaction
                              .exec_params1(
                                  R"(
                        select change_project(
                            $1, nullif($2, ''), nullif($3, '')::boolean, $4::jsonb, $5, $6, $7)
                    )",
                                  id,
                                  database_text(changes.name.value_or("")),
                                  active,
                                  changes.build.value_or("{}"),
                                  requester.user_id,
                                  requester.everywhere,
                                  requester.request_id
                              )[0]
                              .as<std::string>();
        if (verdict_of(word) == ProjectVerdict::done && changes.site_template) {
            set_template(transaction, requester, id, *changes.site_template);
        }
        return outcome(transaction, requester, id, word);
    };
    return answer_of_change<ProjectChange>(pool_, id, work);
}

Result<ProjectVerdict> PgProjectRegistry::remove(const Requester& requester, const std::string& id)
{
    const auto work = [&](pqxx::transaction_base& transaction) -> Result<ProjectVerdict> {
        return verdict_of(transaction
                              .exec_params1(
                                  "select delete_project($1, $2, $3, $4)",
                                  id,
                                  requester.user_id,
                                  requester.everywhere,
                                  requester.request_id
                              )[0]
                              .as<std::string>());
    };
    return answer_of_change<ProjectVerdict>(pool_, id, work);
}

}  // namespace libra
