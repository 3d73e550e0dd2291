#include "shared/storage/pg_domain_registry.hpp"
#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

struct Bench : Stage {
    Bench()
    {
        database.run("insert into members values ('org-1', 'viewer-1', 'viewer')");
        testing::SeededProject other = seeded;
        other.project_id = "project-2";
        testing::seed_project(database, other);
    }

    AddVerdict add(const std::string& hostname, const std::string& project_id = "project-1")
    {
        return registry.add(member, project_id, hostname).value().verdict;
    }

    std::vector<std::string> listed(const std::string& project_id = "project-1")
    {
        std::vector<std::string> names;
        for (const DomainRecord& domain : registry.list(viewer, project_id).value()) {
            names.push_back(domain.hostname);
        }
        return names;
    }

    PgDomainRegistry registry{pool};
    Requester member{.user_id = "user-1", .request_id = "request-9"};
    Requester viewer{.user_id = "viewer-1"};
    Requester stranger{.user_id = "stranger"};
};

TEST_CASE("domains are added, listed by name and removed")
{
    Bench bench;

    const DomainAddition added = bench.registry.add(bench.member, "project-1", "b.example").value();
    CHECK(added.verdict == AddVerdict::added);
    CHECK(added.domain.hostname == "b.example");
    CHECK(bench.add("a.example") == AddVerdict::added);
    CHECK(bench.add("a.example") == AddVerdict::present);
    CHECK(bench.listed() == std::vector<std::string>{"a.example", "b.example"});

    CHECK(
        bench.registry.remove(bench.member, "project-1", "a.example").value() ==
        RemoveVerdict::removed
    );
    CHECK(
        bench.registry.remove(bench.member, "project-1", "a.example").value() ==
        RemoveVerdict::absent
    );
    CHECK(bench.listed() == std::vector<std::string>{"b.example"});
    CHECK(
        bench.database.text("select string_agg(action || details, ' ' order by id) from audit_log"
        ) == R"(domain.add{"orgId": "org-1", "hostname": "b.example"} )"
             R"(domain.add{"orgId": "org-1", "hostname": "a.example"} )"
             R"(domain.remove{"orgId": "org-1", "hostname": "a.example"})"
    );
}

TEST_CASE("a domain is one project's until that gives it up")
{
    Bench bench;
    REQUIRE(bench.add("a.example") == AddVerdict::added);

    CHECK(bench.add("a.example", "project-2") == AddVerdict::taken);
    CHECK(
        bench.registry.remove(bench.member, "project-2", "a.example").value() ==
        RemoveVerdict::absent
    );
    REQUIRE(
        bench.registry.remove(bench.member, "project-1", "a.example").value() ==
        RemoveVerdict::removed
    );
    CHECK(bench.add("a.example", "project-2") == AddVerdict::added);
}

TEST_CASE("a project has a limited number of domains")
{
    Bench bench;
    bench.database.run("insert into domains (hostname, project_id) select n || '.example', "
                       "'project-1' from generate_series(1, 50) n");

    CHECK(bench.add("one-more.example") == AddVerdict::too_many);
    CHECK(bench.add("1.example") == AddVerdict::present);
}

TEST_CASE("viewers see domains, and strangers not even the project")
{
    Bench bench;
    REQUIRE(bench.add("a.example") == AddVerdict::added);

    CHECK(bench.listed().size() == 1);
    CHECK(
        bench.registry.add(bench.viewer, "project-1", "b.example").value().verdict ==
        AddVerdict::role_not_sufficient
    );
    CHECK(
        bench.registry.remove(bench.viewer, "project-1", "a.example").value() ==
        RemoveVerdict::role_not_sufficient
    );
    CHECK(bench.registry.list(bench.stranger, "project-1").error().code == Errc::not_found);
    CHECK(
        bench.registry.add(bench.stranger, "project-1", "b.example").value().verdict ==
        AddVerdict::project_not_found
    );
    CHECK(
        bench.registry.remove(bench.stranger, "project-1", "a.example").value() ==
        RemoveVerdict::project_not_found
    );
}

}  // namespace
}  // namespace libra
