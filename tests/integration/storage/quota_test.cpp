#include "stage.hpp"

#include <atomic>
#include <thread>
#include <vector>

namespace libra {
namespace {

using testing::Stage;

TEST_CASE("the free allowance is used up before the paid one")
{
    Stage stage;
    stage.database.run("update plan_allowances set deploy_limit = 1;"
                       "insert into plan_allowances (org_id, plan, deploy_limit) "
                       "values ('org-1', 'paid', 1)");
    std::vector<QuotaAnswer> answers;

    for (const std::string id : {"d1", "d2", "d3"}) {
        const auto lease = stage.accept_and_claim(id);
        answers.push_back(stage.projects.take_quota(lease).value());
        REQUIRE(stage.work.cancel(lease, StepName::validate).has_value());
    }

    CHECK(answers[0].taken);
    CHECK(answers[0].plan == "free");
    CHECK(answers[1].taken);
    CHECK(answers[1].plan == "paid");
    CHECK_FALSE(answers[2].taken);
    CHECK(answers[2].plan.empty());
    CHECK(answers[2].limit == 2);
    CHECK(
        answers[2].resets_at.time_since_epoch().count() ==
        stage.database.number("select floor(extract(epoch from min(period_start + period)) * "
                              "1000)::bigint from plan_allowances")
    );
}

TEST_CASE("a deployment takes quota once, in however many attempts")
{
    Stage stage;
    const auto lease = stage.accept_and_claim("d1");
    REQUIRE(stage.projects.take_quota(lease).value().taken);
    REQUIRE(stage.projects.take_quota(lease).value().taken);
    stage.let_lease_expire("d1");
    const auto later = stage.claim("d1").lease;

    const auto answer = stage.projects.take_quota(later).value();

    CHECK(answer.taken);
    CHECK(answer.plan == "free");
    CHECK(stage.database.number("select used from plan_allowances") == 1);
}

TEST_CASE("a period that is over begins anew, a whole number of periods on")
{
    Stage stage;
    stage.database.run("update plan_allowances set deploy_limit = 5, used = 5, period = '10 days', "
                       "period_start = date_trunc('day', now()) - interval '35 days'");
    const auto lease = stage.accept_and_claim("d1");

    CHECK(stage.projects.take_quota(lease).value().taken);

    CHECK(stage.database.number("select used from plan_allowances") == 1);
    CHECK(
        stage.database.text("select period_start = date_trunc('day', now()) - interval '5 days' "
                            "from plan_allowances") == "t"
    );
}

TEST_CASE("an organisation without an allowance has none left")
{
    Stage stage;
    stage.database.run("delete from plan_allowances");
    const auto lease = stage.accept_and_claim("d1");

    const auto answer = stage.projects.take_quota(lease).value();

    CHECK_FALSE(answer.taken);
    CHECK(answer.limit == 0);
    CHECK(answer.resets_at == UtcTime{});
}

TEST_CASE("deployments of one organisation that ask at once do not exceed its allowance")
{
    Stage stage;
    constexpr int k_projects = 6;
    stage.database.run("update plan_allowances set deploy_limit = 4");
    std::vector<Lease> leases;
    for (int number = 0; number < k_projects; ++number) {
        const std::string project = "p" + std::to_string(number);
        seed_project(stage.database, {.project_id = project});
        auto deployment = stage.new_deployment("d" + std::to_string(number));
        deployment.project_id = project;
        REQUIRE(stage.admissions.admit(stage.seeded.credential(), deployment).has_value());
        leases.push_back(stage.claim(deployment.id).lease);
    }
    auto settings = stage.database.settings();
    settings.connections = k_projects;
    PgPool pool{settings, stage.clock};
    PgProjectStore projects{pool};
    std::atomic<int> taken{0};
    std::atomic<int> answered{0};
    {
        std::vector<std::jthread> workers;
        workers.reserve(leases.size());
        for (const Lease& lease : leases) {
            workers.emplace_back([&, lease] {
                const auto answer = projects.take_quota(lease);
                answered += answer.has_value() ? 1 : 0;
                taken += answer.has_value() && answer->taken ? 1 : 0;
            });
        }
    }

    CHECK(answered == k_projects);
    CHECK(taken == 4);
}

}  // namespace
}  // namespace libra
