#include "api-gateway/auth/jwt_gate.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_jwt_store.hpp"
#include "tests/support/jwt_signer.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::jwks_of;
using testing::sign_jwt;

const JwtIssuer k_issuer{"https://id.example/keys", {.issuer = "id", .audience = "libra"}};

std::string claims(int end)
{
    return R"({"iss":"id","aud":"libra","sub":"ada","scope":"libra:read","exp":)" +
           std::to_string(end) + "}";
}

const std::string k_jwt = sign_jwt("k-1", claims(3600));

struct Fixture {
    Result<HttpReply> answer{HttpReply{.status = 200, .body = jwks_of({"k-1"})}};
    testing::ScriptedHttpClient http{[this](const HttpCall&) { return answer; }};
    testing::FakeJwtStore store;
    testing::FakeClock clock;
    testing::RecordingLog log;
    JwtGate gate{k_issuer, {http, store, clock}, log.log()};

    void publish(const std::vector<std::string>& key_ids)
    {
        answer = HttpReply{.status = 200, .body = jwks_of(key_ids)};
    }
};

TEST_CASE_METHOD(Fixture, "a good JWT is known to the store before it is admitted")
{
    REQUIRE(gate.admit(k_jwt).has_value());

    REQUIRE(store.noted.size() == 1);
    CHECK(store.noted[0].digest == sha256(k_jwt));
    CHECK(store.noted[0].user_id == "ada");
    CHECK(store.noted[0].scopes == std::vector<std::string>{"read"});
    CHECK(store.noted[0].ends_at == UtcTime{3660s});
}

TEST_CASE_METHOD(Fixture, "a JWT that comes again is not noted again, but for every ten minutes")
{
    REQUIRE(gate.admit(k_jwt).has_value());
    clock.advance(9min);
    REQUIRE(gate.admit(k_jwt).has_value());
    CHECK(store.noted.size() == 1);

    clock.advance(1min);
    REQUIRE(gate.admit(k_jwt).has_value());

    CHECK(store.noted.size() == 2);
}

TEST_CASE_METHOD(Fixture, "a JWT that was admitted is refused once it has ended")
{
    const std::string jwt = sign_jwt("k-1", claims(100));
    clock.advance(159s);
    REQUIRE(gate.admit(jwt).has_value());
    clock.advance(1s);

    CHECK(gate.admit(jwt).error().code == Errc::unauthenticated);
}

TEST_CASE_METHOD(Fixture, "a new key of the issuer is fetched when a JWT needs it")
{
    REQUIRE(gate.admit(k_jwt).has_value());
    publish({"k-1", "k-2"});
    clock.advance(10s);

    CHECK(gate.admit(sign_jwt("k-2", claims(3600))).has_value());
    CHECK(gate.admit(k_jwt).has_value());
    CHECK(http.calls().size() == 2);
}

TEST_CASE_METHOD(Fixture, "a JWT of a key that the issuer took back is refused")
{
    REQUIRE(gate.admit(k_jwt).has_value());
    publish({"k-2"});
    clock.advance(10s);
    REQUIRE(gate.admit(sign_jwt("k-2", claims(3600))).has_value());

    CHECK(gate.admit(k_jwt).error().code == Errc::unauthenticated);
}

TEST_CASE_METHOD(Fixture, "made-up keys are refused and the issuer is left alone")
{
    for (int i = 0; i < 20; ++i) {
        const auto outcome = gate.admit(sign_jwt("made-up-" + std::to_string(i), claims(3600)));
        CHECK(outcome.error().code == Errc::unauthenticated);
    }
    CHECK(http.calls().size() == 1);
}

TEST_CASE_METHOD(Fixture, "a JWT that is no good costs the issuer no question, whatever its key")
{
    REQUIRE(gate.admit(k_jwt).has_value());
    clock.advance(10s);

    CHECK(gate.admit(sign_jwt("k-2", R"({"iss":"other"})")).error().code == Errc::unauthenticated);
    CHECK(gate.admit("eyJ..").error().code == Errc::unauthenticated);

    CHECK(http.calls().size() == 1);
    CHECK(store.noted.size() == 1);
}

TEST_CASE_METHOD(Fixture, "without the issuer's keys nobody can say whether a JWT is good")
{
    answer = Error{Errc::unavailable, "connection refused"};
    CHECK(gate.admit(k_jwt).error().code == Errc::unavailable);

    publish({"k-1"});
    clock.advance(10s);
    CHECK(gate.admit(k_jwt).has_value());

    answer = Error{Errc::unavailable, "connection refused"};
    clock.advance(10s);
    CHECK(gate.admit(k_jwt).has_value());
    CHECK(gate.admit(sign_jwt("k-2", claims(3600))).error().code == Errc::unavailable);
}

TEST_CASE_METHOD(Fixture, "a JWT that cannot be noted is not admitted")
{
    store.trouble = Error{Errc::unavailable, "no database"};
    CHECK(gate.admit(k_jwt).error().code == Errc::unavailable);

    store.trouble.reset();
    CHECK(gate.admit(k_jwt).has_value());
    CHECK(store.noted.size() == 1);
}

}  // namespace
}  // namespace libra
