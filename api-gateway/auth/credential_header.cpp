#include "api-gateway/auth/credential_header.hpp"

#include <algorithm>

namespace libra {

namespace {

constexpr std::size_t k_longest_token = 8192;  // of a JWT (shared/wire/jwt.hpp)

/// Visible ASCII without what separates things in headers (RFC 6265, cookie-octet; RFC 6750's
/// token68 is a part of it).
bool well_formed(std::string_view token)
{
    return !token.empty() && token.size() <= k_longest_token &&
           std::all_of(token.begin(), token.end(), [](char c) {
               return c > ' ' && c < '\x7f' && c != '"' && c != ',' && c != ';' && c != '\\';
           });
}

std::optional<Credential> credential(CredentialKind kind, std::string_view token)
{
    if (!well_formed(token)) {
        return std::nullopt;
    }
    return Credential{kind, sha256(token)};
}

/// The value of an Authorization header of the scheme Bearer, empty for one without; nothing where
/// there is no such header.
std::optional<std::string_view> bearer_token(const HttpRequest& request)
{
    const std::string_view header = trimmed(request.header("Authorization").value_or(""));
    const std::size_t space = header.find(' ');
    if (!equal_without_case(header.substr(0, space), "Bearer")) {
        return std::nullopt;
    }
    return space == std::string_view::npos ? std::string_view{} : trimmed(header.substr(space));
}

std::string_view unquoted(std::string_view value)
{
    const bool quoted = value.size() >= 2 && value.starts_with('"') && value.ends_with('"');
    return quoted ? value.substr(1, value.size() - 2) : value;
}

/// The value of the first cookie called `session`; empty if there is none.
std::string_view session_cookie(std::string_view cookies)
{
    while (!cookies.empty()) {
        const std::size_t end = cookies.find(';');
        const std::string_view pair = trimmed(cookies.substr(0, end));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == "session") {
            return unquoted(pair.substr(equals + 1));
        }
        cookies = end == std::string_view::npos ? std::string_view{} : cookies.substr(end + 1);
    }
    return {};
}

}  // namespace

std::optional<Credential> read_credential(const HttpRequest& request)
{
    if (request.count("Authorization") > 1) {
        return std::nullopt;
    }
    if (const std::optional<std::string_view> token = bearer_token(request)) {
        return credential(CredentialKind::token, *token);
    }
    for (const HttpHeader& each : request.headers) {
        if (!equal_without_case(each.name, "Cookie")) {
            continue;
        }
        if (const std::string_view token = session_cookie(each.value); !token.empty()) {
            return credential(CredentialKind::session, token);
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> find_jwt(const HttpRequest& request)
{
    const std::optional<std::string_view> token = bearer_token(request);
    const bool found =
        token && token->starts_with("ey") && std::count(token->begin(), token->end(), '.') == 2;
    return found ? token : std::nullopt;
}

}  // namespace libra
