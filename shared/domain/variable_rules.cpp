#include "shared/domain/variable_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace libra {

namespace {

constexpr std::size_t k_max_name_bytes = 128;

// Those of deploy-worker/sandbox, and those with which a program of the sandbox itself can be
// changed.
constexpr std::array<std::string_view, 31> k_reserved{
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "CI",
    "NO_COLOR",
    "SHELL",
    "PWD",
    "OLDPWD",
    "ENV",
    "BASH_ENV",
    "IFS",
    "NODE_OPTIONS",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "ASTRO_TELEMETRY_DISABLED",
    "GATSBY_TELEMETRY_DISABLED",
    "NEXT_TELEMETRY_DISABLED",
    "NG_CLI_ANALYTICS",
    "NUXT_TELEMETRY_DISABLED",
    "NPM_CONFIG_CACHE",
    "NPM_CONFIG_PREFIX",
    "NPM_CONFIG_AUDIT",
    "NPM_CONFIG_FUND",
    "NPM_CONFIG_UPDATE_NOTIFIER",
    "NPM_CONFIG_PACKAGE_MANAGER_STRICT",
    "NPM_CONFIG_MANAGE_PACKAGE_MANAGER_VERSIONS",
    "SKIP_YARN_COREPACK_CHECK",
    "YARN_ENABLE_TELEMETRY",
    "TMPDIR",
    "HOSTNAME",
};

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

}  // namespace

std::optional<std::string> variable_name_problem(std::string_view name)
{
    const bool good =
        !name.empty() && name.size() <= k_max_name_bytes && is_letter(name.front()) &&
        std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
    if (!good) {
        return "must be 1 to 128 characters of A-Z a-z 0-9 _ and not begin with a digit";
    }
    std::string upper{name};
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    const bool reserved =
        upper.starts_with("LD_") ||
        std::find(k_reserved.begin(), k_reserved.end(), upper) != k_reserved.end();
    return reserved ? std::optional<std::string>{"is reserved for the build sandbox"}
                    : std::nullopt;
}

std::string variable_binding(std::string_view project_id, std::string_view name)
{
    // Neither part can have a blank.
    return fmt::format("variable {} {}", project_id, name);
}

}  // namespace libra
