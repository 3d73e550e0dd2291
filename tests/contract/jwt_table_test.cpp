#include "shared/wire/jwt.hpp"
#include "table.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace libra::testing {

namespace {

struct JwtTable {
    JsonDocument document{table("jwts.json")};
    const JsonValue& root{document.root()};
    JwtRules rules{std::string{text_of(root["issuer"])}, std::string{text_of(root["audience"])}};
    UtcTime now{std::chrono::seconds{root["now"].GetInt64()}};
    JwkSet keys{parse_jwk_set(text_of(root["jwks"])).value()};

    Result<VerifiedJwt> verify(const JsonValue& token) const
    {
        return verify_jwt(text_of(token), keys, rules, now);
    }
};

std::size_t keys_read(const JsonValue& jwk)
{
    return parse_jwk_set(R"({"keys":[)" + std::string{text_of(jwk)} + "]}").value().size();
}

}  // namespace

TEST_CASE_METHOD(JwtTable, "a JWT that another library made is good as the table of JWTs says")
{
    for (const JsonValue& group : root["good"].GetArray()) {
        for (const JsonValue& token : group["tokens"].GetArray()) {
            INFO(text_of(group["rule"]) << ": " << text_of(token));
            const Result<VerifiedJwt> verified = verify(token);

            REQUIRE(verified.has_value());
            CHECK(verified->user_id == text_of(group["userId"]));
            std::vector<std::string> scopes;
            for (const JsonValue& scope : group["scopes"].GetArray()) {
                scopes.emplace_back(text_of(scope));
            }
            CHECK(verified->scopes == scopes);
            const double milliseconds = group["endsAt"].GetDouble() * 1000;
            CHECK(verified->ends_at.time_since_epoch().count() == std::int64_t(milliseconds));
        }
    }
}

TEST_CASE_METHOD(JwtTable, "a JWT is refused as the table of JWTs says")
{
    for (const JsonValue& group : root["refused"].GetArray()) {
        for (const JsonValue& token : group["tokens"].GetArray()) {
            INFO(text_of(group["rule"]) << ": " << text_of(token));
            const Result<VerifiedJwt> verified = verify(token);

            REQUIRE(verified.has_error());
            CHECK(verified.error().code == Errc::unauthenticated);
        }
    }
}

TEST_CASE_METHOD(JwtTable, "a JWT of a key that is missing is told from a bad one")
{
    for (const JsonValue& group : root["noKey"].GetArray()) {
        for (const JsonValue& token : group["tokens"].GetArray()) {
            INFO(text_of(group["rule"]) << ": " << text_of(token));
            CHECK(verify(token).error().code == Errc::not_found);
        }
    }
}

TEST_CASE_METHOD(JwtTable, "without keys no JWT is good")
{
    keys.clear();

    for (const JsonValue& group : root["good"].GetArray()) {
        for (const JsonValue& token : group["tokens"].GetArray()) {
            CHECK(verify(token).error().code == Errc::not_found);
        }
    }
}

TEST_CASE_METHOD(JwtTable, "a key is used or left out as the table of JWTs says")
{
    for (const JsonValue& group : root["usedKeys"].GetArray()) {
        for (const JsonValue& jwk : group["jwks"].GetArray()) {
            INFO(text_of(group["rule"]) << ": " << text_of(jwk));
            CHECK(keys_read(jwk) == 1);
        }
    }
    for (const JsonValue& group : root["leftOutKeys"].GetArray()) {
        for (const JsonValue& jwk : group["jwks"].GetArray()) {
            INFO(text_of(group["rule"]) << ": " << text_of(jwk));
            CHECK(keys_read(jwk) == 0);
        }
    }
}

TEST_CASE("what is no set of keys is refused, and an empty one is one")
{
    for (const char* const text : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[]}x)", "<html>"}) {
        CAPTURE(text);
        CHECK(parse_jwk_set(text).error().code == Errc::invalid_input);
    }
    CHECK(parse_jwk_set(R"({"keys":[]})").value().empty());
}

}  // namespace libra::testing
