#include "shared/domain/rules.hpp"
#include "shared/wire/jwt.hpp"
#include "shared/wire/text_members.hpp"
#include "tests/fuzz/verdicts.hpp"
#include "tests/support/jwt_signer.hpp"

#include <string>

/// @file JWTs, which anybody may send. Their issuer signs whatever claims the input has, so that
/// what is refused is refused for them.

namespace libra::fuzz {

namespace {

constexpr UtcTime k_now{std::chrono::seconds{1'000'000}};
const JwtRules k_rules{.issuer = "id", .audience = "libra"};

const JwkSet& keys_of_issuer()
{
    static const JwkSet k_keys = parse_jwk_set(testing::jwks_of({"k-1"})).value();
    return k_keys;
}

Result<VerifiedJwt> verify(const std::string& token)
{
    Result<VerifiedJwt> verified = verify_jwt(token, keys_of_issuer(), k_rules, k_now);
    if (verified.has_error()) {
        const Error& error = verified.error();
        must(fit_to_show(error.detail), "what is refused has a reason");
        must(
            error.code == Errc::unauthenticated || error.code == Errc::not_found,
            "what is refused is no credential"
        );
    }
    return verified;
}

void check_claims(const std::string& claims)
{
    const std::string token = testing::sign_jwt("k-1", claims);
    const Result<VerifiedJwt> verified = verify(token);
    if (verified.has_error()) {
        return;
    }
    const Result<JsonDocument> document = JsonDocument::parse(claims);
    must(document.has_value() && document->root().IsObject(), "claims are a JSON object");
    must(
        text_of(*locate(document->root(), "iss").value) == k_rules.issuer, "the issuer is the one"
    );
    must(
        text_of(*locate(document->root(), "sub").value) == verified->user_id, "the user is the one"
    );
    must(!id_problem(verified->user_id), "a user has a good id");
    must(verified->ends_at > k_now, "a token has not ended");
    must(
        verify_jwt(token, keys_of_issuer(), k_rules, verified->ends_at).has_error(), "a token ends"
    );
    must(verify_jwt(token, {}, k_rules, k_now).has_error(), "no token is good without a key");
    must(verify(token + "A").has_error(), "a longer signature is another one");
    must(verify(token.substr(0, token.rfind('.') + 1)).has_error(), "a token is signed");
}

/// Without the issuer nobody makes one.
void check_forgeries(std::string_view input)
{
    const std::string claims = to_base64url(R"({"iss":"id","aud":"libra","sub":"ada","exp":2e6})");
    const std::string signature = to_base64url(std::string(64, '\0'));
    must(verify(std::string{input}).has_error(), "a token is signed by the issuer");
    must(
        verify(to_base64url(input) + "." + claims + "." + signature).has_error(),
        "no header does without the signature"
    );
    must(
        verify(to_base64url(R"({"alg":"EdDSA"})") + "." + claims + "." + to_base64url(input))
            .has_error(),
        "nobody guesses a signature"
    );
}

void check_keys(std::string_view input)
{
    const Result<JwkSet> keys = parse_jwk_set(input);
    if (keys.has_error()) {
        must(keys.error().code == Errc::invalid_input, "what is no set of keys is refused");
        return;
    }
    const std::string token = testing::sign_jwt("k-1", "{}");
    must(verify_jwt(token, *keys, k_rules, k_now).has_error(), "claims matter, whatever the keys");
}

}  // namespace

void try_input(std::string_view input)
{
    check_claims(std::string{input});
    check_forgeries(input);
    check_keys(input);
}

}  // namespace libra::fuzz
