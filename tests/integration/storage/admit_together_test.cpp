#include "shared/storage/pg_admissions.hpp"
#include "stage.hpp"

#include <pqxx/transaction_base>

#include <atomic>
#include <deque>
#include <future>
#include <optional>
#include <thread>
#include <vector>

namespace libra {
namespace {

using testing::Stage;

/// For `admit_together`: deployments of projects that are there.
struct TogetherStage : Stage {
    NewDeployment& add(const std::string& id, const std::string& project = {})
    {
        NewDeployment deployment = new_deployment(id);
        deployment.project_id = project.empty() ? "project-of-" + id : project;
        if (project.empty()) {
            testing::SeededProject other = seeded;
            other.project_id = deployment.project_id;
            testing::seed_project(database, other);
        }
        credentials.push_back(seeded.credential());
        deployments.push_back(deployment);
        return deployments.back();
    }

    Result<std::vector<std::optional<Admission>>> admit_all()
    {
        std::vector<AdmissionQuestion> questions;
        for (std::size_t i = 0; i < deployments.size(); ++i) {
            questions.push_back({credentials[i], deployments[i]});
        }
        std::vector<const AdmissionQuestion*> pointers;
        for (const AdmissionQuestion& question : questions) {
            pointers.push_back(&question);
        }
        return admit_together(pool, {routes, allowance, {}}, pointers);
    }

    OutboxRoutes routes{};
    OutboxAllowance allowance{100};
    std::deque<Credential> credentials{};
    std::deque<NewDeployment> deployments{};
};

TEST_CASE_METHOD(TogetherStage, "deployments that are accepted together are each accepted")
{
    add("d1").params_json = R"({"projectId": "a \"quoted\" one, {with} \\ all"})";
    add("d2");
    add("d3");

    const auto answers = admit_all().value();

    REQUIRE(answers.size() == 3);
    for (const auto& admission : answers) {
        CHECK(admission->verdict == AdmissionVerdict::accepted);
        CHECK(admission->accepted_at > UtcTime{});
    }
    CHECK(announced() == "d1 d2 d3");
    CHECK(
        database.text("select params ->> 'projectId' from deployments where id = 'd1'") ==
        R"(a "quoted" one, {with} \ all)"
    );
}

TEST_CASE_METHOD(TogetherStage, "together or alone, each is told its own verdict")
{
    add("d1", "project-1");
    add("d2", "project-1");
    add("d3");
    credentials.back().digest = sha256("another");
    add("d4").user_id = "user-2";
    add("d5");
    database.run("update projects set active = false where id = 'project-of-d5'");
    add("d6");

    const auto answers = admit_all().value();

    CHECK(answers[0]->verdict == AdmissionVerdict::accepted);
    CHECK(answers[1]->verdict == AdmissionVerdict::deployment_in_progress);
    CHECK(answers[1]->blocking_deployment == "d1");
    CHECK(answers[2]->verdict == AdmissionVerdict::unauthenticated);
    CHECK(answers[3]->verdict == AdmissionVerdict::not_the_caller);
    CHECK(answers[4]->verdict == AdmissionVerdict::project_inactive);
    CHECK(answers[5]->verdict == AdmissionVerdict::accepted);
    CHECK(announced() == "d1 d6");
}

TEST_CASE_METHOD(TogetherStage, "a project that is being changed or is not there keeps nobody else")
{
    add("d1", "project-1");
    add("d2", "project-none");
    add("d3");
    std::optional<std::vector<std::optional<Admission>>> answers;

    const auto changed = pool.transact([&](pqxx::transaction_base& transaction) {
        transaction.exec("select from projects where id = 'project-1' for update");
        answers = admit_all().value();
        return Result<void>{};
    });

    REQUIRE(changed.has_value());
    CHECK_FALSE((*answers)[0]);
    CHECK_FALSE((*answers)[1]);
    CHECK((*answers)[2]->verdict == AdmissionVerdict::accepted);
    CHECK(announced() == "d3");
}

TEST_CASE_METHOD(TogetherStage, "together they are accepted again, and written once")
{
    add("d1");
    add("d2");
    const auto first = admit_all().value();

    const auto again = admit_all().value();

    CHECK(again[0]->verdict == AdmissionVerdict::accepted);
    CHECK(again[0]->accepted_at == first[0]->accepted_at);
    CHECK(database.number("select count(*) from outbox") == 2);
}

TEST_CASE("one request that PostgreSQL cannot hold does not spoil those that come with it")
{
    Stage stage;
    constexpr int k_requests = 16;
    for (int client = 0; client < k_requests; ++client) {
        testing::SeededProject other = stage.seeded;
        other.project_id = "project-of-d" + std::to_string(client);
        testing::seed_project(stage.database, other);
    }
    std::atomic<int> accepted{0};
    std::atomic<int> invalid{0};
    {
        std::vector<std::jthread> clients;
        clients.reserve(k_requests);
        for (int client = 0; client < k_requests; ++client) {
            clients.emplace_back([&, client] {
                NewDeployment deployment = stage.new_deployment("d" + std::to_string(client));
                deployment.project_id = "project-of-" + deployment.id;
                if (client % 4 == 0) {
                    deployment.params_json = R"({"text": "\u0000"})";
                }
                const auto admission =
                    stage.admissions.admit(stage.seeded.credential(), deployment);
                if (admission.has_error()) {
                    invalid += admission.error().code == Errc::invalid_input ? 1 : 0;
                } else {
                    accepted += admission->verdict == AdmissionVerdict::accepted ? 1 : 0;
                }
            });
        }
    }

    CHECK(accepted == 12);
    CHECK(invalid == 4);
}

TEST_CASE("a project that another transaction has is waited for")
{
    Stage stage;
    std::future<Result<Admission>> admission;

    const auto changed = stage.pool.transact([&](pqxx::transaction_base& transaction) {
        transaction.exec("update projects set active = false where id = 'project-1'");
        admission = std::async(std::launch::async, [&] {
            return stage.admissions.admit(stage.seeded.credential(), stage.new_deployment("d1"));
        });
        while (stage.database.number("select count(*) from pg_stat_activity where datname = "
                                     "current_database() and wait_event_type = 'Lock'") == 0) {
            std::this_thread::yield();
        }
        return Result<void>{};
    });

    REQUIRE(changed.has_value());
    CHECK(admission.get().value().verdict == AdmissionVerdict::project_inactive);
}

}  // namespace
}  // namespace libra
