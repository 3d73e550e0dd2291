#include "shared/wire/jwt.hpp"

#include "shared/base/base64.hpp"
#include "shared/domain/rules.hpp"
#include "shared/wire/json.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace libra {

namespace {

struct Parts {
    std::string header{};
    std::string claims{};
    std::string signature{};
    std::string_view signed_text{};
};

struct Header {
    SignatureAlgorithm algorithm{};
    std::optional<std::string> key_id{};
};

Error refused(const char* reason)
{
    return {Errc::unauthenticated, reason};
}

const JsonValue* member(const JsonValue& object, const char* name)
{
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? nullptr : &found->value;
}

bool is_text(const JsonValue* value, std::string_view text)
{
    return value != nullptr && value->IsString() && text_of(*value) == text;
}

Result<Parts> split(std::string_view token)
{
    if (token.size() > k_max_jwt_bytes) {
        return refused("it is longer than 8 KiB");
    }
    const std::size_t first = token.find('.');
    const std::size_t second = token.find('.', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos ||
        token.find('.', second + 1) != std::string_view::npos) {
        return refused("it does not have three parts");
    }
    std::optional<std::string> header = from_base64url(token.substr(0, first));
    std::optional<std::string> claims = from_base64url(token.substr(first + 1, second - first - 1));
    std::optional<std::string> signature = from_base64url(token.substr(second + 1));
    if (!header || !claims || !signature) {
        return refused("a part of it is not base64url");
    }
    return Parts{
        .header = *std::move(header),
        .claims = *std::move(claims),
        .signature = *std::move(signature),
        .signed_text = token.substr(0, second)};
}

Result<JsonDocument> parse_object(std::string_view json)
{
    Result<JsonDocument> document = JsonDocument::parse(json);
    if (document.has_error() || !document->root().IsObject()) {
        return refused("header or claims are not a JSON object");
    }
    return document;
}

/// Others that the same issuer may sign (of a logout, of a proof of possession) let nobody in.
bool is_type_of_ours(const JsonValue* type)
{
    return type == nullptr || is_text(type, "JWT") || is_text(type, "jwt") ||
           is_text(type, "at+jwt") || is_text(type, "application/at+jwt");
}

Result<Header> read_header(std::string_view json)
{
    static constexpr std::array k_algorithms{
        std::pair{SignatureAlgorithm::rs256, "RS256"},
        std::pair{SignatureAlgorithm::es256, "ES256"},
        std::pair{SignatureAlgorithm::eddsa, "EdDSA"}};
    const Result<JsonDocument> document = parse_object(json);
    if (document.has_error()) {
        return document.error();
    }
    const JsonValue& root = document->root();
    if (member(root, "crit") != nullptr || !is_type_of_ours(member(root, "typ"))) {
        return refused("it is of another type, or asks for what we do not know");
    }
    Header header;
    if (const JsonValue* const id = member(root, "kid")) {
        if (!id->IsString()) {
            return refused("its `kid` is no string");
        }
        header.key_id = std::string{text_of(*id)};
    }
    const JsonValue* const named = member(root, "alg");
    for (const auto& [algorithm, name] : k_algorithms) {
        if (is_text(named, name)) {
            header.algorithm = algorithm;
            return header;
        }
    }
    return refused("its algorithm is none of RS256, ES256 and EdDSA");
}

/// @return nothing for what is no time from 1970 to 9999.
std::optional<UtcTime> time_of(const JsonValue* value)
{
    constexpr double k_last_second = 253'402'300'799;
    const double seconds = value != nullptr && value->IsNumber() ? value->GetDouble() : -1;
    if (seconds < 0 || seconds > k_last_second) {
        return std::nullopt;
    }
    return UtcTime{std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)}};
}

bool has_passed(const JsonValue* value, UtcTime now)
{
    const std::optional<UtcTime> time = time_of(value);
    return value == nullptr || (time && *time <= now + k_jwt_leeway);
}

bool is_for(const JsonValue* audience, const std::string& ours)
{
    if (audience == nullptr || !audience->IsArray()) {
        return is_text(audience, ours);
    }
    return std::any_of(audience->Begin(), audience->End(), [&](const JsonValue& each) {
        return is_text(&each, ours);
    });
}

/// @return nothing unless it is a string.
std::optional<std::vector<std::string>> scopes_of(const JsonValue* scope)
{
    constexpr std::string_view k_ours{"libra:"};
    if (scope != nullptr && !scope->IsString()) {
        return std::nullopt;
    }
    std::vector<std::string> scopes;
    bool speaks_of_us = false;
    std::string_view rest = scope == nullptr ? std::string_view{} : text_of(*scope);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        const std::string_view word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!word.starts_with(k_ours)) {
            continue;
        }
        speaks_of_us = true;
        const std::string_view name = word.substr(k_ours.size());
        if (name == "read") {
            scopes.emplace_back(name);
        } else if (name == "deploy" || name == "admin") {
            scopes.emplace_back("deploy");
        }
    }
    if (!speaks_of_us) {
        scopes.emplace_back("deploy");
    }
    return scopes;
}

Result<VerifiedJwt> check_claims(std::string_view json, const JwtRules& rules, UtcTime now)
{
    const Result<JsonDocument> document = parse_object(json);
    if (document.has_error()) {
        return document.error();
    }
    const JsonValue& claims = document->root();
    if (!is_text(member(claims, "iss"), rules.issuer)) {
        return refused("its issuer is not ours");
    }
    if (!is_for(member(claims, "aud"), rules.audience)) {
        return refused("it is for another audience");
    }
    const std::optional<UtcTime> ends_at = time_of(member(claims, "exp"));
    if (!ends_at || *ends_at + k_jwt_leeway <= now) {
        return refused("it has expired, or has no end");
    }
    if (!has_passed(member(claims, "nbf"), now) || !has_passed(member(claims, "iat"), now)) {
        return refused("it is not valid yet");
    }
    const JsonValue* const subject = member(claims, "sub");
    if (subject == nullptr || !subject->IsString() || id_problem(text_of(*subject))) {
        return refused("its subject is not an id: 1 to 128 of A-Z a-z 0-9 . _ -");
    }
    std::optional<std::vector<std::string>> scopes = scopes_of(member(claims, "scope"));
    if (!scopes) {
        return refused("its `scope` is no string");
    }
    return VerifiedJwt{
        .user_id = std::string{text_of(*subject)},
        .scopes = *std::move(scopes),
        .ends_at = *ends_at + k_jwt_leeway};
}

/// @return `not_found` when there is no key to check it with.
Result<void> check_signature(const Parts& parts, const Header& header, const JwkSet& keys)
{
    bool tried = false;
    for (const Jwk& each : keys) {
        if (each.key.algorithm() != header.algorithm ||
            (header.key_id && each.id != *header.key_id)) {
            continue;
        }
        if (each.key.verifies(parts.signed_text, parts.signature)) {
            return {};
        }
        tried = true;
    }
    return tried ? refused("its signature is not the issuer's")
                 : Error{Errc::not_found, "the issuer has no key of its `kid` and algorithm"};
}

}  // namespace

Result<VerifiedJwt>
verify_jwt(std::string_view token, const JwkSet& keys, const JwtRules& rules, UtcTime now)
{
    const Result<Parts> parts = split(token);
    if (parts.has_error()) {
        return parts.error();
    }
    const Result<Header> header = read_header(parts->header);
    if (header.has_error()) {
        return header.error();
    }
    Result<VerifiedJwt> verified = check_claims(parts->claims, rules, now);
    if (verified.has_error()) {
        return verified;
    }
    if (const Result<void> checked = check_signature(*parts, *header, keys); checked.has_error()) {
        return checked.error();
    }
    return verified;
}

}  // namespace libra
