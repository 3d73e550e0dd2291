#include "api-gateway/projects/project_changing_handlers.hpp"
#include "api-gateway/projects/project_reading_handlers.hpp"
#include "bench.hpp"
#include "shared/domain/site_template.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::ProjectBench;

struct Fixture : ProjectBench {
    HttpResponse list(std::vector<QueryParameter> query = {})
    {
        HttpRequest request = to("/projects");
        request.query = std::move(query);
        return ask<ProjectListHandler>("read", request);
    }

    HttpResponse show(const std::string& id = "shop-1")
    {
        return ask<ProjectDetailHandler>("read", to("/projects/" + id));
    }

    HttpResponse create(std::string_view body = R"({"orgId":"acme","name":"My Shop"})")
    {
        return ask<ProjectCreateHandler>("deploy", to("/projects", body));
    }

    HttpResponse change(std::string_view body = "{}", const std::string& id = "shop-1")
    {
        return ask<ProjectChangeHandler>("deploy", to("/projects/" + id, body));
    }

    void change_answer_of(const std::string& site_template)
    {
        projects.change_answer->project->site_template = site_template;
    }

    HttpResponse remove(const std::string& id = "shop-1")
    {
        return ask<ProjectDeleteHandler>("deploy", to("/projects/" + id));
    }
};

const ProjectRecord k_shop{
    .id = "shop-1",
    .org_id = "acme",
    .name = "Shop",
    .site_label = "shop",
    .active = true,
    .status = "deployed",
    .live_deployment = "d-1"};

TEST_CASE_METHOD(Fixture, "projects are listed with the way to the next page")
{
    projects.page = ProjectPage{.projects = {k_shop}, .next = "shop-1"};

    const HttpResponse response = list({{"orgId", "acme"}, {"limit", "1"}, {"cursor", "abc"}});

    CHECK(response.status == 200);
    CHECK(
        response.body == R"({"projects":[{"projectId":"shop-1","orgId":"acme","name":"Shop",)"
                         R"("url":"http://shop.sites.example/","active":true,"status":"deployed",)"
                         R"("liveDeploymentId":"d-1","createdAt":"1970-01-01T00:00:00.000Z"}],)"
                         R"("nextCursor":"shop-1","timestamp":"1970-01-01T00:00:00.000Z"})"
    );
    REQUIRE(projects.calls.size() == 1);
    CHECK(projects.calls[0].requester.user_id == "user-1");
    CHECK_FALSE(projects.calls[0].requester.everywhere);
    CHECK(projects.calls[0].org_id == "acme");
    CHECK(projects.calls[0].after == "abc");
    CHECK(projects.calls[0].limit == 1);
}

TEST_CASE_METHOD(Fixture, "every bad parameter of a list of projects is named")
{
    const HttpResponse response = list({{"limit", "0"}, {"orgId", "a b"}});

    CHECK(response.status == 400);
    CHECK_THAT(response.body, Contains("/query/limit"));
    CHECK_THAT(response.body, Contains("/query/orgId"));
}

TEST_CASE_METHOD(Fixture, "an organisation of others is not found")
{
    projects.page = Error{Errc::not_found, "acme"};

    const HttpResponse response = list({{"orgId", "acme"}});

    CHECK(response.status == 404);
    CHECK_THAT(response.body, Contains("\"organization_not_found\""));
}

TEST_CASE_METHOD(Fixture, "one project is shown")
{
    projects.project = k_shop;

    const HttpResponse response = show();

    CHECK(response.status == 200);
    CHECK_THAT(response.body, Contains(R"({"project":{"projectId":"shop-1","orgId":"acme")"));
    CHECK(projects.calls.at(0).id == "shop-1");
}

TEST_CASE_METHOD(Fixture, "a service token and an administrator act in every organisation")
{
    admissions.principal = Principal{.user_id = "ci", .service = true, .scopes = {"read"}};
    show();
    admissions.principal = Principal{.user_id = "ops", .scopes = {"admin"}};
    show();

    CHECK(projects.calls.at(0).requester.everywhere);
    CHECK(projects.calls.at(1).requester.everywhere);
}

TEST_CASE_METHOD(Fixture, "a project is created with the label that was asked for")
{
    const HttpResponse response =
        create(R"({"orgId":"acme","name":"My Shop","projectId":"s-1","siteLabel":"best"})");

    CHECK(response.status == 201);
    CHECK(response.header("Location") == "/projects/s-1");
    CHECK_THAT(
        response.body,
        Contains(R"({"success":true,"project":{"projectId":"s-1","orgId":"acme","name":"My Shop",)"
                 R"("url":"http://best.sites.example/","active":true,"status":"idle",)")
    );
    CHECK(projects.calls.at(0).requester.request_id == "req-1");
}

TEST_CASE_METHOD(Fixture, "a project is created with a template, changed to another, and to none")
{
    change_answer_of("vue-vite");

    create(R"({"orgId":"acme","name":"My Shop","template":"react-vite"})");
    const HttpResponse changed = change(R"({"template":"vue-vite"})");
    change(R"({"template":"none"})");
    change(R"({"name":"Other","template":null})");

    CHECK(projects.calls.at(0).created.site_template == "react-vite");
    CHECK(projects.calls.at(1).changes.site_template == "vue-vite");
    CHECK_THAT(changed.body, Contains(R"("template":"vue-vite")"));
    CHECK(projects.calls.at(2).changes.site_template == "");
    CHECK_FALSE(projects.calls.at(3).changes.site_template.has_value());
}

TEST_CASE_METHOD(
    Fixture,
    "a template that does not exist is refused with the names of those that do"
)
{
    for (const HttpResponse& response :
         {create(R"({"orgId":"acme","name":"My Shop","template":"rails"})"),
          change(R"({"template":"rails"})"),
          create(R"({"orgId":"acme","name":"My Shop","template":"none"})")}) {
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("/template"));
        for (const std::string_view name : k_site_templates) {
            CHECK_THAT(response.body, Contains(std::string{name}));
        }
    }
    CHECK(projects.calls.empty());
}

TEST_CASE_METHOD(Fixture, "a project gets an id and a label of its name where none was asked for")
{
    create();

    CHECK(projects.calls.at(0).created.id.size() == 32);
    CHECK(projects.calls.at(0).created.site_label == "my-shop");
}

TEST_CASE_METHOD(Fixture, "a label made of a name gets a suffix where it is in use")
{
    projects.create_answers = {ProjectChange{.verdict = ProjectVerdict::label_taken}};

    CHECK(create().status == 201);

    REQUIRE(projects.calls.size() == 2);
    CHECK(projects.calls[1].created.id == projects.calls[0].created.id);
    CHECK(projects.calls[1].created.site_label.starts_with("my-shop-"));
    CHECK(projects.calls[1].created.site_label.size() == 14);
}

TEST_CASE_METHOD(Fixture, "a label is not tried for ever, and one that was asked for only once")
{
    projects.create_answers.assign(9, ProjectChange{.verdict = ProjectVerdict::label_taken});

    CHECK(create().status == 409);
    CHECK(projects.calls.size() == 4);
    CHECK(create(R"({"orgId":"acme","name":"My Shop","siteLabel":"best"})").status == 409);
    CHECK(projects.calls.size() == 5);
}

TEST_CASE_METHOD(Fixture, "every reason not to create a project has its code")
{
    struct Row {
        ProjectVerdict verdict;
        int status;
        const char* code;
    };

    const Row row = GENERATE(
        Row{ProjectVerdict::not_a_member, 403, "\"not_a_member\""},
        Row{ProjectVerdict::role_not_sufficient, 403, "\"role_not_sufficient\""},
        Row{ProjectVerdict::id_taken, 409, "\"project_id_taken\""}
    );
    projects.create_answers = {ProjectChange{.verdict = row.verdict}};

    const HttpResponse response = create();

    CHECK(response.status == row.status);
    CHECK_THAT(response.body, Contains(row.code));
}

TEST_CASE_METHOD(Fixture, "every problem of a new project is named")
{
    const HttpResponse response = create(R"({"name":"\u0007","projectId":"a b","siteLabel":"-x"})");

    CHECK(response.status == 400);
    for (const char* const pointer : {"/orgId", "/name", "/projectId", "/siteLabel"}) {
        CHECK_THAT(response.body, Contains(pointer));
    }
    CHECK(create("{").status == 400);
    CHECK_THAT(create("{").body, Contains("\"invalid_json\""));
    CHECK(create(R"({"orgId":"acme","name":"  "})").status == 400);
    CHECK(projects.calls.empty());
}

TEST_CASE_METHOD(Fixture, "a project is changed in what the request names")
{
    projects.change_answer = ProjectChange{.verdict = ProjectVerdict::done, .project = k_shop};

    const HttpResponse response = change(R"({"active":false,"name":null})");

    CHECK(response.status == 200);
    CHECK_THAT(response.body, Contains(R"({"success":true,"project":{"projectId":"shop-1")"));
    CHECK(projects.calls.at(0).id == "shop-1");
    CHECK_FALSE(projects.calls.at(0).changes.name.has_value());
    CHECK(projects.calls.at(0).changes.active == false);
    CHECK(change(R"({"active":"no"})").status == 400);
    CHECK(change("[").status == 400);
}

TEST_CASE_METHOD(Fixture, "settings of builds are taken and shown")
{
    ProjectRecord shop = k_shop;
    shop.build = R"({"nodeVersion": "22"})";
    projects.change_answer = ProjectChange{.verdict = ProjectVerdict::done, .project = shop};

    const HttpResponse response = change(R"({"build":{"nodeVersion":"22","framework":null}})");

    CHECK(response.status == 200);
    CHECK_THAT(response.body, Contains(R"("build":{"nodeVersion": "22"})"));
    CHECK(projects.calls.at(0).changes.build == R"({"framework":null,"nodeVersion":"22"})");
    CHECK_THAT(
        change(R"({"build":{"rootDirectory":"../x"}})").body, Contains("/build/rootDirectory")
    );
}

TEST_CASE_METHOD(Fixture, "every reason not to change or delete a project has its code")
{
    struct Row {
        ProjectVerdict verdict;
        int status;
        const char* code;
    };

    const Row row = GENERATE(
        Row{ProjectVerdict::not_found, 404, "\"project_not_found\""},
        Row{ProjectVerdict::role_not_sufficient, 403, "\"role_not_sufficient\""},
        Row{ProjectVerdict::deployment_in_progress, 409, "\"deployment_in_progress\""}
    );
    projects.change_answer = ProjectChange{.verdict = row.verdict};
    projects.remove_answer = row.verdict;

    for (const HttpResponse& response : {change(), remove()}) {
        CHECK(response.status == row.status);
        CHECK_THAT(response.body, Contains(row.code));
        CHECK_THAT(response.body, !Contains("onConflict"));
    }
}

TEST_CASE_METHOD(Fixture, "a project is deleted")
{
    const HttpResponse response = remove();

    CHECK(response.status == 200);
    CHECK_THAT(response.body, Contains(R"({"success":true,"projectId":"shop-1","message":")"));
    CHECK(projects.calls.at(0).id == "shop-1");
}

TEST_CASE_METHOD(Fixture, "an id that no project can have is not looked up")
{
    for (const HttpResponse& response : {show("a b"), change("{}", "a b"), remove("a b")}) {
        CHECK(response.status == 400);
        CHECK_THAT(response.body, Contains("\"invalid_id\""));
        CHECK_THAT(response.body, Contains("project"));
    }
    CHECK(projects.calls.empty());
}

TEST_CASE_METHOD(Fixture, "a registry of projects that fails is a reason to try later")
{
    const Error away{Errc::unavailable, "connection to 10.0.0.1 refused"};
    projects.page = away;
    projects.project = away;
    projects.create_answers = {away};
    projects.change_answer = away;
    projects.remove_answer = away;

    for (const HttpResponse& response : {list(), show(), create(), change(), remove()}) {
        CHECK(response.status == 503);
        CHECK_THAT(response.body, !Contains("10.0.0.1"));
    }
}

}  // namespace
}  // namespace libra
