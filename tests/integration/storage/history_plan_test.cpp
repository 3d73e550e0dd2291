#include "shared/storage/pg_history_query.hpp"
#include "tests/support/pg_test_database.hpp"

#include <catch2/catch.hpp>
#include <pqxx/connection>
#include <pqxx/prepared_statement>
#include <pqxx/result>
#include <pqxx/transaction>

namespace libra {
namespace {

/// Ten organisations with two projects each, whose deployments come in turn, one a minute.
void fill(const testing::PgTestDatabase& database)
{
    database.run(R"(
        insert into organizations (id, name) select 'o' || n, 'o' from generate_series(0, 9) n;
        insert into members (org_id, user_id, role)
        select 'o' || o, 'u' || o || '-' || u, 'member'
        from generate_series(0, 9) o, generate_series(1, 500) u;
        insert into members (org_id, user_id, role)
        values ('o1', 'ada', 'owner'), ('o2', 'ada', 'viewer');
        insert into projects (id, org_id, name, site_label)
        select 'p' || n, 'o' || n / 2, 'p', 'p' || n from generate_series(0, 19) n;
        insert into projects (id, org_id, name, site_label)
        select 'idle' || n, 'o9', 'p', 'idle' || n from generate_series(1, 5000) n;
        insert into deployments
            (id, project_id, org_id, user_id, caller_id, params, generation, status, failure_class,
             error, request_id, created_at, finished_at)
        select 'd' || n, 'p' || n % 20, 'o' || n % 20 / 2, 'u', 'u', '{}', n,
               case when n / 20 % 7 = 0 then 'failed' else 'completed' end,
               case when n / 20 % 7 = 0 then 'user' end, case when n / 20 % 7 = 0 then 'no' end,
               'r', timestamptz '2025-01-01 00:00Z' + n * interval '1 minute', now()
        from generate_series(0, 39999) n;
        insert into deployment_steps (deployment_id, step, status, attempt, started_at)
        select id, 'validate', 'completed', 1, created_at from deployments;
        analyze
    )");
}

std::string plan_of(pqxx::transaction_base& transaction, const HistoryQuery& query)
{
    std::string plan;
    for (const pqxx::row& row : transaction.exec_params(
             "explain " + query.sql, pqxx::prepare::make_dynamic_params(query.parameters)
         )) {
        plan += row[0].as<std::string>() + '\n';
    }
    return plan;
}

TEST_CASE("no page of the history is read by looking at deployments that are not on it")
{
    const testing::PgTestDatabase database;
    fill(database);
    pqxx::connection connection{database.url()};
    pqxx::read_transaction transaction{connection};
    const HistoryPosition middle{.created_at = 1'736'899'200'000'000, .deployment_id = "d2"};

    for (const HistoryFilter& scope : std::vector<HistoryFilter>{
             {}, {.org_id = "o1"}, {.project_id = "p2"}, {.org_id = "o1", .project_id = "p2"}}) {
        for (const auto& status :
             {std::optional<DeploymentStatus>{}, std::optional{DeploymentStatus::failed}}) {
            for (const auto& before : {std::optional<HistoryPosition>{}, std::optional{middle}}) {
                HistoryFilter filter = scope;
                filter.status = status;

                const std::string plan =
                    plan_of(transaction, history_query({.user_id = "ada"}, filter, before, 50));

                INFO(plan);
                CHECK(plan.find("Seq Scan") == std::string::npos);
                CHECK(plan.find(" on deployments d") != std::string::npos);
                // All of the conditions are the index's, and its order is that of the page.
                CHECK(plan.find("Filter: (d.") == std::string::npos);
                CHECK(plan.find("Filter: ((d.") == std::string::npos);
            }
        }
    }
}

}  // namespace
}  // namespace libra
