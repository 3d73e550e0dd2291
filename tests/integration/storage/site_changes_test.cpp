#include "shared/domain/rules.hpp"
#include "shared/storage/pg_domain_registry.hpp"
#include "shared/storage/pg_project_registry.hpp"
#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

struct Bench : Stage {
    Bench() { database.run("update members set role = 'owner'"); }

    /// What a worker is asked to do now: `name release`, in order.
    std::string follow()
    {
        std::string changes;
        const auto followed = rescue.follow_site_changes([&](const LiveName& live) {
            ticket = live.ticket;
            changes +=
                (changes.empty() ? "" : ", ") + live.name + ' ' + live.release_name.value_or("-");
            return answer;
        });
        CHECK(followed.has_error() == answer.has_error());
        return changes;
    }

    void deploy(const std::string& id)
    {
        const Lease lease = accept_and_claim(id);
        go_live(lease);
        REQUIRE(work.complete(lease, {}).has_value());
    }

    PgProjectRegistry registry{pool};
    PgDomainRegistry domains{pool};
    Requester owner{.user_id = "user-1"};
    Result<void> answer{};
    std::int64_t ticket{0};
};

TEST_CASE("a domain that was added is to serve what is live, once")
{
    Bench bench;
    bench.deploy("d1");
    REQUIRE(bench.domains.add(bench.owner, "project-1", "a.example").has_value());

    CHECK(bench.follow() == "a.example d1-1");
    CHECK(bench.ticket > 1);
    CHECK(bench.follow().empty());
}

TEST_CASE("a domain of a project without a release, or that was removed, is to serve nothing")
{
    Bench bench;
    REQUIRE(bench.domains.add(bench.owner, "project-1", "a.example").has_value());
    CHECK(bench.follow() == "a.example -");

    bench.deploy("d1");
    REQUIRE(bench.domains.remove(bench.owner, "project-1", "a.example").has_value());
    CHECK(bench.follow() == "a.example -");
}

TEST_CASE("a change that the target cannot follow now comes again with a later ticket")
{
    Bench bench;
    REQUIRE(bench.domains.add(bench.owner, "project-1", "a.example").has_value());
    bench.answer = Error{Errc::unavailable, "disk full"};
    CHECK(bench.follow() == "a.example -");
    const std::int64_t first = bench.ticket;
    bench.answer = {};

    CHECK(bench.follow() == "a.example -");
    CHECK(bench.ticket > first);
    CHECK(bench.follow().empty());
}

TEST_CASE("a domain that changed hands serves its new project, whoever comes first")
{
    Bench bench;
    bench.deploy("d1");
    testing::SeededProject other = bench.seeded;
    other.project_id = "project-2";
    testing::seed_project(bench.database, other);
    REQUIRE(bench.domains.add(bench.owner, "project-2", "a.example").has_value());
    REQUIRE(bench.domains.remove(bench.owner, "project-2", "a.example").has_value());
    REQUIRE(bench.domains.add(bench.owner, "project-1", "a.example").has_value());

    CHECK(bench.follow() == "a.example d1-1");
    CHECK(bench.follow().empty());
}

TEST_CASE("a domain waits for a switch of its project that is under way")
{
    Bench bench;
    const Lease lease = bench.accept_and_claim("d1");
    bench.uploaded(lease);
    REQUIRE(bench.domains.add(bench.owner, "project-1", "a.example").has_value());

    CHECK(bench.follow().empty());
    REQUIRE(bench.work.fail(lease, {}, StepName::deploy, {}).has_value());
    CHECK(bench.follow() == "a.example -");
}

TEST_CASE("of a deleted project every address is to serve nothing")
{
    Bench bench;
    bench.deploy("d1");
    REQUIRE(bench.domains.add(bench.owner, "project-1", "a.example").has_value());
    REQUIRE(bench.follow() == "a.example d1-1");

    REQUIRE(bench.registry.remove(bench.owner, "project-1").value() == ProjectVerdict::done);

    const std::string preview = preview_label("project-1", "d1");
    CHECK(bench.database.number("select count(*) from domains") == 0);
    const std::string changes = bench.follow();
    for (const std::string& name : {std::string{"a.example"}, std::string{"project-1"}, preview}) {
        CHECK_THAT(changes, Catch::Contains(name + " -"));
    }
    CHECK(bench.follow().empty());
}

TEST_CASE("a label that is given again serves its new project")
{
    Bench bench;
    bench.deploy("d1");
    REQUIRE(bench.registry.remove(bench.owner, "project-1").value() == ProjectVerdict::done);
    REQUIRE(
        bench.registry
            .create(
                bench.owner,
                {.id = "project-9", .org_id = "org-1", .name = "Next", .site_label = "project-1"}
            )
            .value()
            .verdict == ProjectVerdict::done
    );
    NewDeployment next = bench.new_deployment("d2");
    next.project_id = "project-9";
    REQUIRE(bench.admit(next) == AdmissionVerdict::accepted);
    bench.go_live(bench.claim("d2").lease);

    CHECK_THAT(bench.follow(), Catch::Contains("project-1 d2-1"));
}

}  // namespace
}  // namespace libra
