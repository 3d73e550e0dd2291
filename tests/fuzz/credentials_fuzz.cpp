#include "api-gateway/auth/credential_header.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <string>

namespace libra::fuzz {

namespace {

constexpr HttpHeader k_good_cookie{"Cookie", "session=good"};

std::optional<Credential> read(std::vector<HttpHeader> headers)
{
    HttpRequest request;
    request.headers = std::move(headers);
    return read_credential(request);
}

bool is(const std::optional<Credential>& found, CredentialKind kind, std::string_view token)
{
    return found && found->kind == kind && found->digest == sha256(token);
}

bool good_token(std::string_view token)
{
    return !token.empty() && token.size() <= 8192 &&
           std::all_of(token.begin(), token.end(), [](char c) {
               return c > ' ' && c <= '~' &&
                      std::string_view{"\",;\\"}.find(c) == std::string_view::npos;
           });
}

void check_token(std::string_view input)
{
    const std::string_view token = trimmed(input);
    for (const char* const scheme : {"Bearer ", "bearer  "}) {
        const std::string header = scheme + std::string{input};
        const auto found = read({{"Authorization", header}, k_good_cookie});
        must(
            good_token(token) ? is(found, CredentialKind::token, token) : !found,
            "a bearer token is taken as it is, or nothing is"
        );
        must(!read({{"Authorization", header}, {"Authorization", header}}), "one is enough");
    }
}

/// A JWT is found only where it is the credential as well.
void check_jwt(std::string_view input)
{
    const std::string header = "Bearer " + std::string{input};
    HttpRequest request;
    request.headers = {{"Authorization", header}, k_good_cookie};
    if (const auto jwt = find_jwt(request)) {
        const auto found = read_credential(request);
        must(
            !found || is(found, CredentialKind::token, *jwt), "the JWT found is the token presented"
        );
    }
}

void check_other_scheme(std::string_view input)
{
    const auto found = read({{"Authorization", input}, k_good_cookie});
    const bool bearer = equal_without_case(trimmed(input).substr(0, 6), "Bearer");
    must(bearer || is(found, CredentialKind::session, "good"), "another scheme leaves the cookie");
}

void check_cookie(std::string_view input)
{
    const std::string header = "a=b; session=" + std::string{input} + "; session=second";
    const auto found = read({{"Cookie", header}});
    must(!good_token(input) || is(found, CredentialKind::session, input), "a session is found");

    const bool has_session = input.find("session") != std::string_view::npos;
    const auto other = read({{"Cookie", input}, k_good_cookie});
    must(
        has_session || is(other, CredentialKind::session, "good"),
        "cookies of others do not hide the session"
    );
    must(!other || other->kind == CredentialKind::session, "a cookie is no token");
}

}  // namespace

void try_input(std::string_view input)
{
    check_token(input);
    check_jwt(input);
    check_other_scheme(input);
    check_cookie(input);
}

}  // namespace libra::fuzz
