#include "shared/wire/jwk.hpp"

#include "shared/base/base64.hpp"
#include "shared/wire/json.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace libra {

namespace {

/// Whether `object` has that string there.
bool says(const JsonValue& object, const char* name, std::string_view value)
{
    const auto found = object.FindMember(name);
    return found != object.MemberEnd() && found->value.IsString() && text_of(found->value) == value;
}

bool says_nothing_but(const JsonValue& object, const char* name, std::string_view value)
{
    return !object.HasMember(name) || says(object, name, value);
}

bool may_verify(const JsonValue& jwk)
{
    const auto operations = jwk.FindMember("key_ops");
    if (operations == jwk.MemberEnd()) {
        return true;
    }
    return operations->value.IsArray() &&
           std::any_of(
               operations->value.Begin(),
               operations->value.End(),
               [](const JsonValue& each) { return each.IsString() && text_of(each) == "verify"; }
           );
}

/// The bytes at `name`; empty, which is no key's, when they are missing or malformed.
std::string number_at(const JsonValue& jwk, const char* name)
{
    const auto found = jwk.FindMember(name);
    if (found == jwk.MemberEnd() || !found->value.IsString()) {
        return {};
    }
    return from_base64url(text_of(found->value)).value_or("");
}

Result<PublicKey> key_of(const JsonValue& jwk)
{
    if (says(jwk, "kty", "RSA") && says_nothing_but(jwk, "alg", "RS256")) {
        return PublicKey::rs256(number_at(jwk, "n"), number_at(jwk, "e"));
    }
    if (says(jwk, "kty", "EC") && says(jwk, "crv", "P-256") &&
        says_nothing_but(jwk, "alg", "ES256")) {
        return PublicKey::es256(number_at(jwk, "x"), number_at(jwk, "y"));
    }
    if (says(jwk, "kty", "OKP") && says(jwk, "crv", "Ed25519") &&
        says_nothing_but(jwk, "alg", "EdDSA")) {
        return PublicKey::eddsa(number_at(jwk, "x"));
    }
    return Error{Errc::invalid_input, "a key of a kind we do not use"};
}

std::optional<Jwk> read_jwk(const JsonValue& jwk)
{
    if (!jwk.IsObject() || !says_nothing_but(jwk, "use", "sig") || !may_verify(jwk)) {
        return std::nullopt;
    }
    const auto id = jwk.FindMember("kid");
    const bool named = id != jwk.MemberEnd();
    if (named && !id->value.IsString()) {
        return std::nullopt;
    }
    Result<PublicKey> key = key_of(jwk);
    if (key.has_error()) {
        return std::nullopt;
    }
    return Jwk{
        .id = named ? std::string{text_of(id->value)} : std::string{}, .key = *std::move(key)};
}

}  // namespace

Result<JwkSet> parse_jwk_set(std::string_view json)
{
    const Result<JsonDocument> document = JsonDocument::parse(json);
    if (document.has_error()) {
        return document.error();
    }
    const JsonValue& root = document->root();
    if (!root.IsObject() || !root.HasMember("keys") || !root["keys"].IsArray()) {
        return Error{Errc::invalid_input, "no object with an array `keys`"};
    }
    JwkSet keys;
    for (const JsonValue& jwk : root["keys"].GetArray()) {
        if (std::optional<Jwk> key = read_jwk(jwk)) {
            keys.push_back(*std::move(key));
        }
    }
    return keys;
}

}  // namespace libra
