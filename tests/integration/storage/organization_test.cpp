#include "shared/storage/pg_organization_store.hpp"
#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

const Requester k_operator{.user_id = "ops", .everywhere = true, .request_id = "request-7"};
const Requester k_ada{.user_id = "ada", .request_id = "request-8"};
const Requester k_bob{.user_id = "bob", .request_id = "request-9"};
const Requester k_stranger{.user_id = "eve", .request_id = "request-10"};

struct Organizations : Stage {
    PgOrganizationStore store{pool};

    OrganizationVerdict create(const std::string& id, const std::string& owner = "ada")
    {
        return store
            .create(
                k_operator, {.id = id, .name = "Name of " + id, .owner_id = owner, .free_limit = 5}
            )
            .value();
    }

    OrganizationVerdict
    set(const Requester& by,
        const std::string& user,
        const std::optional<std::string>& role,
        const std::string& id = "acme")
    {
        return store.set_member(by, id, user, role).value();
    }

    std::string members_of(const std::string& id) const
    {
        return database.text(
            "select coalesce(string_agg(user_id || ' ' || role, ', ' order by user_id), '') "
            "from members where org_id = '" +
            id + "'"
        );
    }
};

TEST_CASE("a new organisation has its owner and a free plan, and its id is taken")
{
    Organizations organizations;

    CHECK(organizations.create("acme") == OrganizationVerdict::done);
    CHECK(organizations.create("acme", "bob") == OrganizationVerdict::id_taken);

    CHECK(organizations.members_of("acme") == "ada owner");
    const OrganizationRecord record = organizations.store.find(k_ada, "acme").value();
    CHECK(record.name == "Name of acme");
    CHECK(record.role == "owner");
    CHECK_FALSE(organizations.store.find(k_operator, "acme").value().role);
    const auto left = organizations.store.allowances(k_ada, "acme").value();
    REQUIRE(left.size() == 1);
    CHECK(left[0].plan == "free");
    CHECK(left[0].limit == 5);
    CHECK(left[0].used == 0);
    CHECK(
        organizations.database.text(
            "select action || ' ' || actor || ' ' || org_id || ' ' || request_id from audit_log"
        ) == "organization.create ops acme request-7"
    );
}

TEST_CASE("an organisation is there for its members and for operators")
{
    Organizations organizations;
    organizations.create("acme");

    CHECK(organizations.store.find(k_stranger, "acme").error().code == Errc::not_found);
    CHECK(organizations.store.find(k_operator, "none").error().code == Errc::not_found);
    CHECK(organizations.store.members(k_stranger, "acme", {}, 10).error().code == Errc::not_found);
    CHECK(organizations.store.allowances(k_stranger, "acme").error().code == Errc::not_found);
    CHECK(
        organizations.store.rename(k_stranger, "acme", "x").value() ==
        OrganizationVerdict::not_found
    );
    CHECK(organizations.set(k_stranger, "bob", "owner") == OrganizationVerdict::not_found);
}

TEST_CASE("organisations are listed by id, page by page, each to those who belong to it")
{
    Organizations organizations;
    for (const char* id : {"c", "a", "b"}) {
        organizations.create(id);
    }
    organizations.create("d", "bob");
    const auto ids = [&](const Requester& by, const std::optional<std::string>& after, int limit) {
        const OrganizationPage page = organizations.store.list(by, after, limit).value();
        std::string listed;
        for (const OrganizationRecord& organization : page.organizations) {
            listed += organization.id;
        }
        return listed + '>' + page.next.value_or("");
    };

    CHECK(ids(k_ada, {}, 2) == "ab>b");
    CHECK(ids(k_ada, "b", 2) == "c>");
    CHECK(ids(k_operator, {}, 10) == "abcdorg-1>");
    CHECK(ids(k_stranger, {}, 10) == ">");
}

TEST_CASE("owners and admins rename an organisation")
{
    Organizations organizations;
    organizations.create("acme");
    organizations.set(k_ada, "bob", "member");

    CHECK(
        organizations.store.rename(k_bob, "acme", "Bobs").value() ==
        OrganizationVerdict::role_not_sufficient
    );
    organizations.set(k_ada, "bob", "admin");
    CHECK(organizations.store.rename(k_bob, "acme", "Bobs").value() == OrganizationVerdict::done);
    CHECK(organizations.store.find(k_ada, "acme").value().name == "Bobs");
}

TEST_CASE("only owners make and unmake owners, and one always stays")
{
    Organizations organizations;
    organizations.create("acme");
    using enum OrganizationVerdict;

    CHECK(organizations.set(k_ada, "bob", "admin") == done);
    CHECK(organizations.set(k_bob, "cleo", "member") == done);
    CHECK(organizations.set(k_bob, "cleo", "owner") == role_not_sufficient);
    CHECK(organizations.set(k_bob, "ada", "member") == role_not_sufficient);
    CHECK(organizations.set(k_bob, "ada", std::nullopt) == role_not_sufficient);
    CHECK(organizations.set(k_ada, "ada", "member") == last_owner);
    CHECK(organizations.set(k_ada, "ada", std::nullopt) == last_owner);
    CHECK(organizations.set(k_operator, "ada", std::nullopt) == last_owner);
    CHECK(organizations.set(k_ada, "ada", "owner") == done);
    CHECK(organizations.set(k_ada, "bob", "owner") == done);
    CHECK(organizations.set(k_ada, "ada", std::nullopt) == done);
    CHECK(organizations.members_of("acme") == "bob owner, cleo member");
}

TEST_CASE("members leave by themselves and remove nobody else")
{
    Organizations organizations;
    organizations.create("acme");
    organizations.set(k_ada, "bob", "viewer");
    organizations.set(k_ada, "cleo", "viewer");
    using enum OrganizationVerdict;

    CHECK(organizations.set(k_bob, "cleo", std::nullopt) == role_not_sufficient);
    CHECK(organizations.set(k_bob, "bob", std::nullopt) == done);
    CHECK(organizations.set(k_ada, "bob", std::nullopt) == member_not_found);
    CHECK(organizations.members_of("acme") == "ada owner, cleo viewer");
    CHECK(
        organizations.database.text("select details::text from audit_log where action = "
                                    "'member.remove'") == R"({"orgId": "acme", "before": "viewer"})"
    );
}

TEST_CASE("of two owners who leave at once one stays")
{
    Organizations organizations;
    organizations.create("acme");
    organizations.set(k_ada, "bob", "owner");
    OrganizationVerdict first{};
    OrganizationVerdict second{};
    {
        const std::jthread one{[&] { first = organizations.set(k_ada, "ada", std::nullopt); }};
        const std::jthread two{[&] { second = organizations.set(k_bob, "bob", std::nullopt); }};
    }

    CHECK(((first == OrganizationVerdict::done) != (second == OrganizationVerdict::done)));
    CHECK(
        ((first == OrganizationVerdict::last_owner) != (second == OrganizationVerdict::last_owner))
    );
}

TEST_CASE("members are listed by user, page by page")
{
    Organizations organizations;
    organizations.create("acme");
    organizations.set(k_ada, "cleo", "viewer");
    organizations.set(k_ada, "bob", "member");

    const MemberPage first = organizations.store.members(k_bob, "acme", {}, 2).value();
    REQUIRE(first.members.size() == 2);
    CHECK(first.members[1].user_id == "bob");
    CHECK(first.members[1].role == "member");
    CHECK(first.next == "bob");
    const MemberPage rest = organizations.store.members(k_bob, "acme", "bob", 2).value();
    CHECK(rest.members.size() == 1);
    CHECK_FALSE(rest.next);
}

TEST_CASE("a plan that is set anew keeps what is used, also below it")
{
    Organizations organizations;
    organizations.create("acme");
    organizations.database.run("update plan_allowances set used = 3 where org_id = 'acme'");

    CHECK(
        organizations.store.set_plan(k_operator, "acme", {.plan = "free", .limit = 2}).value() ==
        OrganizationVerdict::done
    );
    CHECK(
        organizations.store
            .set_plan(k_operator, "acme", {.plan = "paid", .limit = 9, .period = PlanPeriod::week})
            .value() == OrganizationVerdict::done
    );
    CHECK(
        organizations.store.set_plan(k_operator, "none", {.plan = "paid"}).value() ==
        OrganizationVerdict::not_found
    );

    const auto left = organizations.store.allowances(k_ada, "acme").value();
    REQUIRE(left.size() == 2);
    CHECK(left[0].used == 3);
    CHECK(left[0].limit == 2);
    CHECK(left[1].plan == "paid");
    CHECK(
        organizations.database.text("select period from plan_allowances where plan = 'paid'") ==
        "7 days"
    );
}

TEST_CASE("a quota whose period is over is whole again before anybody deploys")
{
    Organizations organizations;
    organizations.create("acme");
    organizations.database.run("update plan_allowances set used = 5, period = interval '2 days', "
                               "period_start = now() - interval '5 days' where org_id = 'acme'");

    const auto left = organizations.store.allowances(k_ada, "acme").value();

    REQUIRE(left.size() == 1);
    CHECK(left[0].used == 0);
    const auto until = left[0].resets_at - organizations.clock.utc_now();
    CHECK(until > std::chrono::hours{23});
    CHECK(until < std::chrono::hours{25});
}

}  // namespace
}  // namespace libra
