#include "network.hpp"
#include "shared/storage/pg_project_registry.hpp"
#include "shared/storage/pg_redrive_store.hpp"
#include "stage.hpp"

namespace libra {
namespace {

using testing::Network;
using testing::Stage;

struct Bench : Stage {
    Bench()
    {
        database.run("insert into members values ('org-1', 'owner-1', 'owner'), "
                     "('org-1', 'viewer-1', 'viewer')");
    }

    ProjectVerdict create(const Requester& requester, const NewProject& project)
    {
        return registry.create(requester, project).value().verdict;
    }

    std::string audited() const
    {
        return database.text("select concat_ws(' ', actor, action, subject, request_id, details) "
                             "from audit_log order by id desc limit 1");
    }

    PgProjectRegistry registry{pool};
    Requester member{.user_id = "user-1", .request_id = "request-9"};
    Requester owner{.user_id = "owner-1", .request_id = "request-9"};
    Requester viewer{.user_id = "viewer-1"};
    Requester stranger{.user_id = "stranger"};
    Requester service{.user_id = "ci", .everywhere = true};
    NewProject shop{.id = "shop-1", .org_id = "org-1", .name = "Shop", .site_label = "shop"};
};

TEST_CASE("a member creates a project, which the audit log knows")
{
    Bench bench;

    const ProjectChange created = bench.registry.create(bench.member, bench.shop).value();

    CHECK(created.verdict == ProjectVerdict::done);
    REQUIRE(created.project.has_value());
    CHECK(created.project->id == "shop-1");
    CHECK(created.project->name == "Shop");
    CHECK(created.project->site_label == "shop");
    CHECK(created.project->active);
    CHECK(created.project->status == "idle");
    CHECK_FALSE(created.project->live_deployment.has_value());
    CHECK(
        bench.audited() ==
        R"(user-1 project.create shop-1 request-9 {"name": "Shop", "orgId": "org-1", "siteLabel": "shop"})"
    );
}

TEST_CASE("only who may change an organisation's projects creates one there")
{
    Bench bench;
    NewProject nowhere = bench.shop;
    nowhere.org_id = "no-such-org";

    CHECK(bench.create(bench.viewer, bench.shop) == ProjectVerdict::role_not_sufficient);
    CHECK(bench.create(bench.stranger, bench.shop) == ProjectVerdict::not_a_member);
    CHECK(bench.create(bench.service, nowhere) == ProjectVerdict::not_a_member);
    CHECK(bench.create(bench.service, bench.shop) == ProjectVerdict::done);
}

TEST_CASE("a project has the template it was created with, until it gets another or none")
{
    Bench bench;
    bench.shop.site_template = "astro";
    const auto template_now = [&] {
        return bench.registry.find(bench.member, "shop-1").value().site_template;
    };

    const ProjectChange created = bench.registry.create(bench.member, bench.shop).value();
    CHECK(created.project.value().site_template == "astro");
    CHECK(template_now() == "astro");

    bench.registry.change(bench.member, "shop-1", {.site_template = "plain"}).value();
    CHECK(template_now() == "plain");
    CHECK(
        bench.audited() ==
        R"(user-1 project.change shop-1 request-9 {"orgId": "org-1", "template": "plain"})"
    );
    bench.registry.change(bench.viewer, "shop-1", {.site_template = "astro"}).value();
    bench.registry.change(bench.member, "shop-1", {.name = "Other"}).value();
    CHECK(template_now() == "plain");

    bench.registry.change(bench.member, "shop-1", {.site_template = ""}).value();
    CHECK_FALSE(template_now().has_value());
}

TEST_CASE("ids and labels are given once, over all organisations")
{
    Bench bench;
    REQUIRE(bench.create(bench.member, bench.shop) == ProjectVerdict::done);
    NewProject other = bench.shop;
    other.site_label = "other";
    CHECK(bench.create(bench.member, other) == ProjectVerdict::id_taken);
    other = bench.shop;
    other.id = "shop-2";
    CHECK(bench.create(bench.member, other) == ProjectVerdict::label_taken);
}

TEST_CASE("projects are listed a page at a time, of the organisations somebody is a member of")
{
    Bench bench;
    testing::seed_project(
        bench.database,
        {.project_id = "theirs", .org_id = "org-2", .user_id = "user-2", .token = "t-2"}
    );
    REQUIRE(bench.create(bench.member, bench.shop) == ProjectVerdict::done);

    const ProjectPage first = bench.registry.list(bench.viewer, {}, {}, 1).value();
    const ProjectPage second = bench.registry.list(bench.viewer, {}, first.next, 1).value();

    REQUIRE(first.projects.size() == 1);
    CHECK(first.projects[0].id == "project-1");
    REQUIRE(second.projects.size() == 1);
    CHECK(second.projects[0].id == "shop-1");
    CHECK_FALSE(second.next.has_value());
    CHECK(bench.registry.list(bench.stranger, {}, {}, 50).value().projects.empty());
    CHECK(bench.registry.list(bench.stranger, "org-1", {}, 50).error().code == Errc::not_found);
    CHECK(bench.registry.list(bench.service, {}, {}, 50).value().projects.size() == 3);
    CHECK(bench.registry.list(bench.service, "org-2", {}, 50).value().projects.size() == 1);
}

TEST_CASE("a project of others is as if it were not there")
{
    Bench bench;

    CHECK(bench.registry.find(bench.viewer, "project-1").has_value());
    CHECK(bench.registry.find(bench.stranger, "project-1").error().code == Errc::not_found);
    CHECK(bench.registry.find(bench.owner, "none").error().code == Errc::not_found);
    CHECK(
        bench.registry.change(bench.stranger, "project-1", {.name = "Mine"}).value().verdict ==
        ProjectVerdict::not_found
    );
    CHECK(bench.registry.remove(bench.stranger, "project-1").value() == ProjectVerdict::not_found);
}

TEST_CASE("settings of builds are set one by one, and removed by null")
{
    Bench bench;
    NewProject shop = bench.shop;
    shop.build = R"({"rootDirectory": "web", "framework": null})";

    const auto created = bench.registry.create(bench.member, shop).value();
    const auto changed =
        bench.registry.change(bench.member, "shop-1", {.build = R"({"nodeVersion": "22"})"})
            .value();
    const auto removed =
        bench.registry
            .change(
                bench.member, "shop-1", {.build = R"({"nodeVersion": null, "rootDirectory": null})"}
            )
            .value();

    CHECK(created.project->build == R"({"rootDirectory": "web"})");
    CHECK(changed.project->build == R"({"nodeVersion": "22", "rootDirectory": "web"})");
    CHECK_FALSE(removed.project->build.has_value());
    CHECK_FALSE(bench.registry.find(bench.member, "project-1")->build.has_value());
}

TEST_CASE("the audit log knows which settings of builds were changed")
{
    Bench bench;

    bench.registry.change(bench.member, "project-1", {.build = R"({"nodeVersion": "22"})"}).value();

    CHECK(
        bench.audited() ==
        R"(user-1 project.change project-1 request-9 {"build": {"nodeVersion": "22"}, "orgId": "org-1"})"
    );
}

TEST_CASE("what a change leaves out stays")
{
    Bench bench;

    const auto renamed = bench.registry.change(bench.member, "project-1", {.name = "New"}).value();
    const auto stopped =
        bench.registry.change(bench.member, "project-1", {.active = false}).value();

    CHECK(renamed.project->name == "New");
    CHECK(renamed.project->active);
    CHECK(stopped.project->name == "New");
    CHECK_FALSE(stopped.project->active);
    CHECK(
        bench.audited() ==
        R"(user-1 project.change project-1 request-9 {"orgId": "org-1", "active": false})"
    );
    CHECK(bench.admit(bench.new_deployment("d1")) == AdmissionVerdict::project_inactive);
    CHECK(
        bench.registry.change(bench.viewer, "project-1", {.active = true}).value().verdict ==
        ProjectVerdict::role_not_sufficient
    );
}

TEST_CASE("only owners and admins delete a project")
{
    Bench bench;

    CHECK(
        bench.registry.remove(bench.member, "project-1").value() ==
        ProjectVerdict::role_not_sufficient
    );
    CHECK(bench.registry.remove(bench.owner, "project-1").value() == ProjectVerdict::done);
    CHECK(bench.registry.remove(bench.owner, "project-1").value() == ProjectVerdict::not_found);
}

TEST_CASE("a project is not deleted while a deployment of it waits or runs")
{
    Bench bench;
    bench.accept("d1");
    CHECK(
        bench.registry.remove(bench.owner, "project-1").value() ==
        ProjectVerdict::deployment_in_progress
    );

    const Lease lease = bench.claim("d1").lease;
    CHECK(
        bench.registry.remove(bench.owner, "project-1").value() ==
        ProjectVerdict::deployment_in_progress
    );

    REQUIRE(bench.work.cancel(lease, StepName::build).has_value());
    CHECK(bench.registry.remove(bench.owner, "project-1").value() == ProjectVerdict::done);
}

TEST_CASE("a deleted project is not found by anybody, but its history is kept")
{
    Bench bench;
    const Lease lease = bench.accept_and_claim("d1");
    bench.go_live(lease);
    REQUIRE(bench.work.complete(lease, {}).has_value());

    REQUIRE(bench.registry.remove(bench.owner, "project-1").value() == ProjectVerdict::done);

    CHECK(bench.registry.find(bench.owner, "project-1").error().code == Errc::not_found);
    CHECK(bench.registry.find(bench.service, "project-1").error().code == Errc::not_found);
    CHECK(bench.registry.list(bench.service, {}, {}, 50).value().projects.empty());
    CHECK(bench.admit(bench.new_deployment("d2")) == AdmissionVerdict::project_not_found);
    CHECK(bench.status("d1") == "completed");
    CHECK(
        bench.audited() ==
        R"(owner-1 project.delete project-1 request-9 {"orgId": "org-1", "siteLabel": "project-1"})"
    );
}

TEST_CASE("the label of a deleted project is free, its id is not")
{
    Bench bench;
    REQUIRE(bench.registry.remove(bench.owner, "project-1").value() == ProjectVerdict::done);
    NewProject again = bench.shop;
    again.site_label = "project-1";

    CHECK(bench.create(bench.member, again) == ProjectVerdict::done);
    again.id = "project-1";
    again.site_label = "another";
    CHECK(bench.create(bench.member, again) == ProjectVerdict::id_taken);
}

TEST_CASE("a dead letter of a deleted project is not sent again")
{
    Bench bench;
    PgRedriveStore letters{bench.pool, {}};
    const Lease lease = bench.accept_and_claim("d1");
    const Failure failure{
        .failure_class = FailureClass::exhausted, .code = "platform_error", .message = "away"};
    REQUIRE(bench.work.fail(lease, failure, StepName::sync, {.statistics_json = "{}"}).has_value());
    REQUIRE(bench.registry.remove(bench.owner, "project-1").value() == ProjectVerdict::done);
    const auto letter = bench.database.number("select id from dead_letters");

    CHECK(letters.redrive(letter, {.user_id = "ops"}).value() == RedriveVerdict::not_redrivable);
    CHECK(letters.redrive_matching({}, {.user_id = "ops"}).value().skipped == 1);
    CHECK(bench.status("d1") == "failed");
}

TEST_CASE("a change whose commit got no answer happens once and is answered as it was")
{
    Bench bench;
    Network network{bench.database};
    PgPool pool{network.settings, bench.clock};
    PgProjectRegistry registry{pool};

    network.proxy.lose_answer_to("COMMIT");
    const auto created = registry.create(bench.member, bench.shop);
    CHECK(network.proxy.lost_an_answer());
    network.proxy.lose_answer_to("COMMIT");
    const auto removed = registry.remove(bench.owner, "shop-1");

    CHECK(created.value().verdict == ProjectVerdict::done);
    CHECK(removed.value() == ProjectVerdict::done);
    CHECK(bench.database.number("select count(*) from audit_log") == 2);
}

}  // namespace
}  // namespace libra
