#include "shared/domain/site_address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace libra {

namespace {

constexpr std::size_t k_max_label_bytes = 40;
constexpr std::size_t k_max_derived_bytes = k_max_label_bytes - 7;

bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string site_host(const SiteAddress& sites, std::string_view label)
{
    return fmt::format("{}.{}", label, sites.domain);
}

std::string site_url(const SiteAddress& sites, std::string_view host)
{
    const bool usual = sites.port == (sites.scheme == "https" ? 443 : 80);
    return usual ? fmt::format("{}://{}/", sites.scheme, host)
                 : fmt::format("{}://{}:{}/", sites.scheme, host, sites.port);
}

std::optional<std::string> label_problem(std::string_view label)
{
    const bool good = !label.empty() && label.size() <= k_max_label_bytes && label.front() != '-' &&
                      label.back() != '-' && label.find("--") == std::string_view::npos &&
                      std::all_of(label.begin(), label.end(), [](char c) {
                          return is_alphanumeric(c) || c == '-';
                      });
    return good ? std::nullopt
                : std::optional<std::string>{
                      "must be 1 to 40 characters of a-z 0-9 -, with no - at either end and no two "
                      "together"};
}

std::string label_from(std::string_view name)
{
    std::string label;
    for (const char c : name) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const char wanted = is_alphanumeric(lower) ? lower : '-';
        const bool superfluous = wanted == '-' && (label.empty() || label.back() == '-');
        if (label.size() < k_max_derived_bytes && !superfluous) {
            label += wanted;
        }
    }
    if (label.ends_with('-')) {
        label.pop_back();
    }
    return label.empty() ? "site" : label;
}

}  // namespace libra
