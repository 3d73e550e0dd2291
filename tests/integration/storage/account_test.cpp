#include "shared/storage/pg_account_store.hpp"
#include "stage.hpp"

namespace libra {
namespace {

using testing::Stage;

const Actor k_ada{.user_id = "ada", .request_id = "request-7"};

struct Accounts : Stage {
    PgAccountStore store{pool};

    static NewToken new_token(const std::string& id)
    {
        return {
            .digest = sha256("secret of " + id),
            .id = id,
            .name = "ci",
            .user_id = "ada",
            .scopes = {"deploy", "read"}};
    }

    TokenRecord create(const NewToken& token)
    {
        return store.create_token(token, seeded.credential(), k_ada).value();
    }

    Result<Principal> authenticate_token(const std::string& secret)
    {
        return admissions.authenticate({.digest = sha256(secret)});
    }

    Result<Principal> authenticate_session(const std::string& secret)
    {
        return admissions.authenticate({.kind = CredentialKind::session, .digest = sha256(secret)});
    }

    std::vector<std::string> token_ids(const std::string& user_id = "ada")
    {
        std::vector<std::string> ids;
        for (const TokenRecord& token : store.tokens(user_id, {}, 100).value().tokens) {
            ids.push_back(token.id);
        }
        return ids;
    }
};

using Ids = std::vector<std::string>;

TEST_CASE("a new token is what it was made to be and lets its owner in")
{
    Accounts accounts;

    const TokenRecord made = accounts.create(Accounts::new_token("t-1"));

    CHECK(made.id == "t-1");
    CHECK(made.name == "ci");
    CHECK(made.user_id == "ada");
    CHECK(made.scopes == Ids{"deploy", "read"});
    CHECK_FALSE(made.service);
    CHECK_FALSE(made.expires_at);
    CHECK_FALSE(made.last_used_at);
    const Principal principal = accounts.authenticate_token("secret of t-1").value();
    CHECK(principal.user_id == "ada");
    CHECK(principal.scopes == Ids{"deploy", "read"});
    CHECK(
        accounts.database.text("select details ->> 'userId' from audit_log where subject = 't-1' "
                               "and action = 'token.create' and actor = 'ada'") == "ada"
    );
}

TEST_CASE("a token made again after its answer was lost is made once")
{
    Accounts accounts;
    accounts.create(Accounts::new_token("t-1"));

    CHECK(accounts.create(Accounts::new_token("t-1")).id == "t-1");

    CHECK(accounts.token_ids() == Ids{"t-1"});
    CHECK(accounts.database.number("select count(*) from audit_log") == 1);
}

TEST_CASE("a token outlives neither its days nor the token it was made with")
{
    Accounts accounts;
    NewToken token = Accounts::new_token("t-1");
    token.days = 30;
    const TokenRecord thirty = accounts.create(token);
    CHECK(*thirty.expires_at - thirty.created_at == std::chrono::days{30});

    accounts.database.run("update tokens set expires_at = now() + interval '1 day' "
                          "where user_id = 'user-1'");
    token = Accounts::new_token("t-2");
    token.days = 30;
    CHECK(*accounts.create(token).expires_at < *thirty.expires_at);
    CHECK(accounts.create(Accounts::new_token("t-3")).expires_at.has_value());
}

TEST_CASE("tokens are listed newest first, a page at a time, each to its owner alone")
{
    Accounts accounts;
    for (const char* const id : {"t-1", "t-2", "t-3"}) {
        accounts.create(Accounts::new_token(id));
    }

    const TokenPage first = accounts.store.tokens("ada", {}, 2).value();
    const TokenPage second = accounts.store.tokens("ada", first.next, 2).value();

    REQUIRE(first.tokens.size() == 2);
    CHECK(first.tokens[0].id == "t-3");
    CHECK(first.tokens[1].id == "t-2");
    REQUIRE(second.tokens.size() == 1);
    CHECK(second.tokens[0].id == "t-1");
    CHECK_FALSE(second.next);
    CHECK(accounts.token_ids("eve").empty());
}

TEST_CASE("a revoked token lets nobody in and is not listed any more")
{
    Accounts accounts;
    accounts.create(Accounts::new_token("t-1"));
    REQUIRE(accounts.authenticate_token("secret of t-1").has_value());

    REQUIRE(accounts.store.revoke_token("t-1", "ada", k_ada).has_value());
    REQUIRE(accounts.store.revoke_token("t-1", "ada", k_ada).has_value());

    CHECK(accounts.authenticate_token("secret of t-1").error().code == Errc::unauthenticated);
    CHECK(accounts.token_ids().empty());
    CHECK(
        accounts.database.number("select count(*) from audit_log where action = 'token.revoke'") ==
        1
    );
}

TEST_CASE("nobody revokes the token of another user, but an operator does")
{
    Accounts accounts;
    accounts.create(Accounts::new_token("t-1"));

    CHECK(accounts.store.revoke_token("t-1", "eve", k_ada).error().code == Errc::not_found);
    CHECK(accounts.store.revoke_token("t-9", "ada", k_ada).error().code == Errc::not_found);
    CHECK(accounts.token_ids() == Ids{"t-1"});

    CHECK(accounts.store.revoke_token("t-1", std::nullopt, k_ada).has_value());
    CHECK(accounts.token_ids().empty());
}

TEST_CASE("the last use of a token is noted, and not with every use")
{
    Accounts accounts;
    const auto last_use = [&] {
        return accounts.database.text(
            "select last_used_at::text from tokens where user_id = 'user-1'"
        );
    };
    CHECK(last_use().empty());

    REQUIRE(accounts.authenticate_token(accounts.seeded.token).has_value());
    const std::string first = last_use();
    CHECK_FALSE(first.empty());
    REQUIRE(accounts.authenticate_token(accounts.seeded.token).has_value());
    CHECK(last_use() == first);

    accounts.database.run("update tokens set last_used_at = now() - interval '5 minutes'");
    const std::string earlier = last_use();
    accounts.accept("d1");
    CHECK(last_use() > earlier);
    accounts.database.run("update tokens set last_used_at = null");
    accounts.cancel("d1");
    CHECK_FALSE(last_use().empty());
    accounts.database.run("update tokens set last_used_at = null");
    REQUIRE(accounts.control.place(accounts.seeded.credential(), "d1").has_value());
    CHECK_FALSE(last_use().empty());
}

TEST_CASE("a session lets its user in until it ends")
{
    Accounts accounts;
    const NewSession session{.digest = sha256("cookie"), .id = "s-1", .user_id = "ada", .days = 7};

    const SessionRecord made = accounts.store.create_session(session, k_ada).value();

    CHECK(made.expires_at - made.created_at == std::chrono::days{7});
    CHECK(accounts.authenticate_session("cookie").value().scopes == Ids{"deploy"});
    REQUIRE(accounts.store.sessions("ada", {}, 10).value().sessions.size() == 1);
    CHECK(accounts.store.sessions("eve", {}, 10).value().sessions.empty());
    CHECK(accounts.store.end_session("s-1", "eve", k_ada).error().code == Errc::not_found);

    REQUIRE(accounts.store.end_session("s-1", "ada", k_ada).has_value());
    REQUIRE(accounts.store.end_session("s-1", "ada", k_ada).has_value());

    CHECK(accounts.authenticate_session("cookie").error().code == Errc::unauthenticated);
    CHECK(accounts.store.sessions("ada", {}, 10).value().sessions.empty());
    CHECK(
        accounts.database.text("select string_agg(action, ' ' order by id) from audit_log") ==
        "session.create session.end"
    );
}

TEST_CASE("sessions are listed newest first, a page at a time")
{
    Accounts accounts;
    for (const std::string id : {"s-1", "s-2", "s-3"}) {
        const NewSession session{.digest = sha256(id), .id = id, .user_id = "ada", .days = 1};
        REQUIRE(accounts.store.create_session(session, k_ada).has_value());
    }
    accounts.database.run("update sessions set expires_at = now() where id = 's-2'");

    const SessionPage first = accounts.store.sessions("ada", {}, 1).value();
    const SessionPage second = accounts.store.sessions("ada", first.next, 1).value();

    CHECK(first.sessions.at(0).id == "s-3");
    CHECK(second.sessions.at(0).id == "s-1");
    CHECK_FALSE(second.next);
}

TEST_CASE("a user's memberships are theirs alone")
{
    Accounts accounts;

    const auto memberships = accounts.store.memberships("user-1").value();

    REQUIRE(memberships.size() == 1);
    CHECK(memberships[0].org_id == "org-1");
    CHECK(memberships[0].role == "member");
    CHECK(accounts.store.memberships("eve").value().empty());
}

}  // namespace
}  // namespace libra
