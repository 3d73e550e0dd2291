#include "shared/domain/webhook_rules.hpp"

#include <algorithm>
#include <charconv>

namespace libra {

namespace {

bool is_port(std::string_view text)
{
    unsigned port = 0;
    const auto [stopped, status] = std::from_chars(text.data(), text.data() + text.size(), port);
    return status == std::errc{} && stopped == text.data() + text.size() && port > 0 &&
           port <= 65'535;
}

/// Of `host`, `host:port`, `[v6]` and `[v6]:port`.
std::optional<std::string> authority_problem(std::string_view authority)
{
    if (authority.find('@') != std::string_view::npos) {
        return "must not contain a user or password";
    }
    const std::size_t host_end = authority.starts_with('[')
                                     ? std::min(authority.find(']'), authority.size() - 1) + 1
                                     : std::min(authority.find(':'), authority.size());
    const std::string_view host = authority.substr(0, host_end);
    const std::string_view rest = authority.substr(host_end);
    if (host.empty() || host == "[]" || (host.front() == '[' && host.back() != ']')) {
        return "has no host";
    }
    if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) {
        return "has a port that is none";
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> webhook_url_problem(std::string_view url)
{
    if (url.size() > k_max_webhook_url_bytes) {
        return "is longer than 2048 bytes";
    }
    if (std::any_of(url.begin(), url.end(), [](char c) { return c <= ' ' || c > '~'; })) {
        return "must be percent-encoded ASCII without blanks";
    }
    const std::size_t scheme_end = url.find("://");
    const std::string_view scheme = url.substr(0, scheme_end);
    if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "https")) {
        return "must begin with https:// or http://";
    }
    if (url.find('#') != std::string_view::npos) {
        return "must not have a fragment";
    }
    const std::string_view rest = url.substr(scheme_end + 3);
    return authority_problem(rest.substr(0, rest.find_first_of("/?")));
}

}  // namespace libra
