#include "deploy-worker/build/rule_report.hpp"

#include "deploy-worker/build/site_tree.hpp"
#include "shared/site_rules/header_rules.hpp"
#include "shared/site_rules/redirect_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>

namespace libra {

namespace fs = std::filesystem;

namespace {

Result<std::optional<std::string>> read_if_there(const fs::path& file)
{
    std::error_code failed;
    if (!fs::is_regular_file(fs::symlink_status(file, failed))) {
        return std::optional<std::string>{};
    }
    Result<std::string> text = read_site_file(file);
    return text ? Result<std::optional<std::string>>{*std::move(text)} : text.error();
}

void tell(
    std::string_view name,
    std::size_t rules,
    const RuleWarnings& warnings,
    std::vector<std::string>& lines
)
{
    constexpr std::size_t k_most_told = 20;
    lines.push_back(fmt::format("{}: {} rule{}.", name, rules, rules == 1 ? "" : "s"));
    const std::size_t told = std::min(warnings.listed().size(), k_most_told);
    for (std::size_t i = 0; i < told; ++i) {
        const RuleWarning& warning = warnings.listed()[i];
        lines.push_back(fmt::format("Warning: {} line {}: {}.", name, warning.line, warning.text));
    }
    if (warnings.number() > told) {
        lines.push_back(
            fmt::format("Warning: {}: {} more lines like these.", name, warnings.number() - told)
        );
    }
}

}  // namespace

Result<std::vector<std::string>> rule_report(const fs::path& directory)
{
    std::vector<std::string> lines;
    const auto headers = read_if_there(directory / "_headers");
    const auto redirects = read_if_there(directory / "_redirects");
    if (!headers || !redirects) {
        return headers ? redirects.error() : headers.error();
    }
    if (*headers) {
        RuleWarnings warnings;
        const HeaderRules rules = HeaderRules::parse(**headers, warnings);
        tell("_headers", rules.number(), warnings, lines);
    }
    if (*redirects) {
        RuleWarnings warnings;
        const RedirectRules rules = RedirectRules::parse(**redirects, warnings);
        rules.warn_of_circles(warnings);
        tell("_redirects", rules.number(), warnings, lines);
    }
    return lines;
}

}  // namespace libra
