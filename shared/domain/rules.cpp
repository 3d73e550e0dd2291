#include "shared/domain/rules.hpp"

#include "shared/base/digest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <idn2.h>
#include <memory>

namespace libra {

namespace {

constexpr std::size_t k_max_label_bytes = 63;
constexpr std::size_t k_max_segment_bytes = 255;  // of every usual file system
constexpr std::size_t k_max_host_bytes = 253;
constexpr std::size_t k_max_unicode_host_bytes = 4 * k_max_host_bytes;
constexpr std::size_t k_max_site_label_bytes = 40;
constexpr std::size_t k_hash_digits = 12;

struct Idn2Free {
    void operator()(char* text) const noexcept { idn2_free(text); }
};

bool is_lower_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_label(std::string_view label)
{
    return !label.empty() && label.size() <= k_max_label_bytes && label.front() != '-' &&
           label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
               return is_lower_alphanumeric(c) || c == '-';
           });
}

/// True for the form `site_label` makes, which no id may take as its own label.
bool looks_hashed(std::string_view label)
{
    return label.size() > k_hash_digits && label[label.size() - k_hash_digits - 1] == 'x' &&
           label.substr(label.size() - k_hash_digits).find_first_not_of("0123456789abcdef") ==
               std::string_view::npos;
}

std::optional<std::string> segment_problem(std::string_view segment)
{
    if (segment.empty()) {
        return "has an empty segment: it must be relative and normalized";
    }
    if (segment == "." || segment == "..") {
        return "has a '.' or '..' segment: it must be normalized";
    }
    if (segment.size() > k_max_segment_bytes) {
        return fmt::format("has a name longer than {} bytes", k_max_segment_bytes);
    }
    const std::string folded = path_fold(segment);
    if (folded == ".git" || folded == "node_modules") {
        return "lies under .git/ or node_modules/, which are not deployed";
    }
    return std::nullopt;
}

/// True for a last label that makes browsers read the whole name as an IPv4 address.
bool is_number(std::string_view label)
{
    const bool hexadecimal = label.starts_with("0x");
    return (hexadecimal ? label.substr(2) : label)
               .find_first_not_of(hexadecimal ? "0123456789abcdef" : "0123456789") ==
           std::string_view::npos;
}

std::optional<std::string> ascii_host_problem(std::string_view host)
{
    if (host.size() > k_max_host_bytes) {
        return "is longer than 253 characters";
    }
    if (host.find('.') == std::string_view::npos) {
        return "has no dot: a full domain name is needed";
    }
    std::string_view last;
    for (std::string_view rest = host;;) {
        const std::size_t dot = rest.find('.');
        last = rest.substr(0, dot);
        if (!is_label(last)) {
            return "is not a valid host name";
        }
        if (dot == std::string_view::npos) {
            break;
        }
        rest = rest.substr(dot + 1);
    }
    if (is_number(last)) {
        return "is an IP address or ends in a number: a domain name is needed";
    }
    return std::nullopt;
}

bool is_at_or_below(std::string_view host, std::string_view domain)
{
    return host == domain || (host.size() > domain.size() && host.ends_with(domain) &&
                              host[host.size() - domain.size() - 1] == '.');
}

}  // namespace

std::optional<std::string> path_problem(std::string_view path)
{
    if (path.empty() || path.size() > k_max_path_bytes) {
        return fmt::format("must have 1 to {} bytes", k_max_path_bytes);
    }
    const bool has_forbidden = std::any_of(path.begin(), path.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\';
    });
    if (has_forbidden) {
        return "has a backslash, NUL or control character";
    }
    if (path.front() == '/') {
        return "is absolute: it must be relative";
    }
    for (std::string_view rest = path;;) {
        const std::size_t slash = rest.find('/');
        if (auto problem = segment_problem(rest.substr(0, slash))) {
            return problem;
        }
        if (slash == std::string_view::npos) {
            return std::nullopt;
        }
        rest = rest.substr(slash + 1);
    }
}

std::optional<std::string> id_problem(std::string_view id)
{
    const bool good =
        !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) {
            return is_lower_alphanumeric(lower(c)) || c == '.' || c == '_' || c == '-';
        });
    return good ? std::nullopt
                : std::optional<std::string>{"must be 1 to 128 characters of A-Z a-z 0-9 . _ -"};
}

HostName check_custom_domain(std::string_view host, std::string_view platform_domain)
{
    if (host.size() > k_max_unicode_host_bytes) {
        return {.problem = "is longer than 253 characters"};
    }
    char* converted = nullptr;
    const std::string text{host};
    const int status = text.find('\0') != std::string::npos
                           ? IDN2_DISALLOWED
                           : idn2_to_ascii_8z(text.c_str(), &converted, IDN2_NONTRANSITIONAL);
    const std::unique_ptr<char, Idn2Free> owned{converted};
    if (status != IDN2_OK) {
        return {.problem = "is not a valid host name"};
    }
    HostName name{.ascii = owned.get()};
    std::transform(name.ascii.begin(), name.ascii.end(), name.ascii.begin(), lower);
    if (auto problem = ascii_host_problem(name.ascii)) {
        name.problem = *std::move(problem);
    } else if (is_at_or_below(name.ascii, platform_domain)) {
        name.problem = "belongs to the platform's own domain";
    }
    return name;
}

std::optional<std::string> name_problem(std::string_view name)
{
    const bool control = std::any_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
    if (control) {
        return "has a control character";
    }
    return name.find_first_not_of(' ') == std::string_view::npos
               ? std::optional<std::string>{"must not be blank"}
               : std::nullopt;
}

std::string site_label(std::string_view project_id)
{
    const bool usable = is_label(project_id) && project_id.size() <= k_max_site_label_bytes &&
                        project_id.find("--") == std::string_view::npos &&
                        !looks_hashed(project_id);
    if (usable) {
        return std::string{project_id};
    }
    constexpr std::size_t k_readable_bytes = k_max_site_label_bytes - k_hash_digits - 2;
    std::string label;
    for (const char c : project_id) {
        const char wanted = is_lower_alphanumeric(lower(c)) ? lower(c) : '-';
        if (label.size() < k_readable_bytes && !(wanted == '-' && label.ends_with('-'))) {
            label += wanted;
        }
    }
    label.erase(0, std::min(label.find_first_not_of('-'), label.size()));
    label.erase(label.find_last_not_of('-') + 1);
    return (label.empty() ? "x" : label + "-x") + sha256(project_id).hex().substr(0, k_hash_digits);
}

std::string preview_label(std::string_view site_label, std::string_view deployment_id)
{
    return std::string{site_label} + "--" + sha256(deployment_id).hex().substr(0, 12);
}

}  // namespace libra
