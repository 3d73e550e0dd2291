#include "shared/storage/pg_account_store.hpp"
#include "shared/storage/pg_jwt_store.hpp"
#include "stage.hpp"

#include <string>

namespace libra {
namespace {

using namespace std::chrono_literals;
using testing::Stage;

struct Jwts : Stage {
    PgJwtStore store{pool};
    PgAccountStore accounts{pool};

    AdmittedJwt jwt(const std::string& token, std::chrono::milliseconds lasts = 10min)
    {
        return {
            .digest = sha256(token),
            .user_id = "user-1",
            .scopes = {"read", "deploy"},
            .ends_at = clock.utc_now() + lasts};
    }

    void note(const AdmittedJwt& jwt) { REQUIRE(store.note(jwt).has_value()); }

    Result<Principal> authenticate(const std::string& token)
    {
        return admissions.authenticate({.digest = sha256(token)});
    }

    std::int64_t rows() const { return database.number("select count(*) from jwts"); }
};

TEST_CASE("a JWT that was noted lets its user in, and never as a service")
{
    Jwts jwts;
    CHECK(jwts.authenticate("jwt").error().code == Errc::unauthenticated);

    jwts.note(jwts.jwt("jwt"));

    const Principal principal = jwts.authenticate("jwt").value();
    CHECK(principal.user_id == "user-1");
    CHECK_FALSE(principal.service);
    CHECK(principal.scopes == std::vector<std::string>{"read", "deploy"});
    CHECK(
        jwts.admissions.authenticate({.kind = CredentialKind::session, .digest = sha256("jwt")})
            .error()
            .code == Errc::unauthenticated
    );
}

TEST_CASE("with a JWT one deploys and cancels as with a token")
{
    Jwts jwts;
    jwts.note(jwts.jwt("jwt"));
    const Credential credential{.digest = sha256("jwt")};

    const Admission admission =
        jwts.admissions.admit(credential, jwts.new_deployment("d1")).value();

    CHECK(admission.verdict == AdmissionVerdict::accepted);
    CHECK(jwts.control.cancel(credential, "d1", "request-2").value() == CancelVerdict::cancelled);
}

TEST_CASE("a JWT lets nobody in beyond its end")
{
    Jwts jwts;
    jwts.note(jwts.jwt("jwt", -1ms));

    CHECK(jwts.authenticate("jwt").error().code == Errc::unauthenticated);
}

TEST_CASE("a JWT that is noted again stays what it was")
{
    Jwts jwts;
    jwts.note(jwts.jwt("jwt"));

    jwts.note(jwts.jwt("jwt"));

    CHECK(jwts.rows() == 1);
    CHECK(jwts.authenticate("jwt").has_value());
}

TEST_CASE("JWTs that ended an hour ago are forgotten, a few with each that is noted")
{
    Jwts jwts;
    for (int i = 0; i < 15; ++i) {
        jwts.note(jwts.jwt("old " + std::to_string(i)));
    }
    jwts.note(jwts.jwt("ended", -1min));
    jwts.database.run("update jwts set ends_at = now() - interval '1 hour' "
                      "where ends_at > now()");

    jwts.note(jwts.jwt("new 1"));
    CHECK(jwts.rows() == 15 + 1 - 10 + 1);
    jwts.note(jwts.jwt("new 2"));
    jwts.note(jwts.jwt("new 3"));

    CHECK(jwts.rows() == 1 + 3);
    CHECK(jwts.authenticate("new 1").has_value());
}

TEST_CASE("a JWT is no token that anybody lists")
{
    Jwts jwts;
    jwts.note(jwts.jwt("jwt"));

    const TokenPage page = jwts.accounts.tokens("user-1", {}, 10).value();

    CHECK(page.tokens.size() == 1);
}

TEST_CASE("a token made with a JWT ends with it at the latest")
{
    Jwts jwts;
    const AdmittedJwt jwt = jwts.jwt("jwt");
    jwts.note(jwt);
    const Credential maker{.digest = jwt.digest};
    NewToken token{.digest = sha256("t-1"), .id = "t-1", .user_id = "user-1", .scopes = {"read"}};

    CHECK(jwts.accounts.create_token(token, maker, {}).value().expires_at == jwt.ends_at);

    token.digest = sha256("t-2");
    token.id = "t-2";
    token.days = 30;
    CHECK(jwts.accounts.create_token(token, maker, {}).value().expires_at == jwt.ends_at);
}

TEST_CASE("how JWTs are looked up and forgotten does not depend on how many there are")
{
    Jwts jwts;
    jwts.database.run("insert into jwts (digest, user_id, scopes, ends_at) "
                      "select sha256(n::text::bytea), 'ada', '{read}', now() + interval '1 hour' "
                      "from generate_series(1, 5000) n; analyze jwts");
    const auto plan = [&](const std::string& statement) {
        return jwts.database.text(
            "select string_agg(line, ' ') from plan_of($plan$" + statement + "$plan$) line"
        );
    };
    jwts.database.run("create function plan_of(statement text) returns setof text "
                      "language plpgsql as $$ begin return query execute 'explain ' || statement; "
                      "end $$");

    CHECK_THAT(plan("select * from principal_of('\\x00', false)"), Catch::Contains("jwts_pkey"));
    CHECK_THAT(
        plan("select digest from jwts where ends_at <= now() order by ends_at limit 10"),
        Catch::Contains("jwts_by_end")
    );
}

}  // namespace
}  // namespace libra
