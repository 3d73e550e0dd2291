#include "api-gateway/api/cors.hpp"

#include "shared/http/message.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace libra {

namespace {

constexpr std::string_view k_host_characters{
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."};
constexpr std::string_view k_digits{"0123456789"};

bool is_port(std::string_view text)
{
    return text.empty() || (text.starts_with(':') && text.size() > 1 && text.size() <= 6 &&
                            text.find_first_not_of(k_digits, 1) == std::string_view::npos);
}

bool is_local(std::string_view origin)
{
    constexpr std::array<std::string_view, 4> k_bases{
        "http://localhost", "https://localhost", "http://127.0.0.1", "https://127.0.0.1"};
    return std::any_of(k_bases.begin(), k_bases.end(), [&](std::string_view base) {
        return origin.starts_with(base) && is_port(origin.substr(base.size()));
    });
}

/// `https://*.libra.dev` is `https://`, labels, `.libra.dev`.
bool matches(std::string_view pattern, std::string_view origin)
{
    const std::size_t star = pattern.find("*.");
    if (star == std::string_view::npos) {
        return equal_without_case(pattern, origin);
    }
    const std::string_view scheme = pattern.substr(0, star);
    const std::string_view suffix = pattern.substr(star + 1);
    if (origin.size() <= scheme.size() + suffix.size() ||
        !equal_without_case(origin.substr(0, scheme.size()), scheme) ||
        !equal_without_case(origin.substr(origin.size() - suffix.size()), suffix)) {
        return false;
    }
    const std::string_view labels =
        origin.substr(scheme.size(), origin.size() - scheme.size() - suffix.size());
    return labels.find_first_not_of(k_host_characters) == std::string_view::npos &&
           !labels.starts_with('.') && !labels.ends_with('.') &&
           labels.find("..") == std::string_view::npos;
}

}  // namespace

CorsPolicy CorsPolicy::development()
{
    CorsPolicy policy;
    policy.any_local_port_ = true;
    return policy;
}

CorsPolicy CorsPolicy::production(std::vector<std::string> origins)
{
    CorsPolicy policy;
    policy.origins_ = std::move(origins);
    return policy;
}

bool CorsPolicy::allows(std::string_view origin) const
{
    return (any_local_port_ && is_local(origin)) ||
           std::any_of(origins_.begin(), origins_.end(), [&](const std::string& pattern) {
               return matches(pattern, origin);
           });
}

bool is_origin_pattern(std::string_view origin)
{
    std::string_view rest = origin;
    if (rest.starts_with("https://")) {
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
    } else {
        return false;
    }
    if (rest.starts_with("*.")) {
        rest.remove_prefix(2);
    }
    const std::size_t colon = rest.find(':');
    const std::string_view host = rest.substr(0, colon);
    return !host.empty() && host.find_first_not_of(k_host_characters) == std::string_view::npos &&
           is_port(colon == std::string_view::npos ? std::string_view{} : rest.substr(colon));
}

}  // namespace libra
