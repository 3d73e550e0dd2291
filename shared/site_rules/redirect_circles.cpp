#include "shared/site_rules/redirect_rules.hpp"
#include "shared/site_rules/rule_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace libra {

namespace {

using Steps = std::map<std::string, std::optional<std::string>>;

/// Where a browser that asks for `path` is sent on this site; nothing if a page is shown.
const std::optional<std::string>&
next_of(const RedirectRules& rules, const std::string& path, Steps& known)
{
    const auto [step, is_new] = known.try_emplace(path);
    if (is_new) {
        const auto outcome = rules.find(path, "", [] { return false; });
        const bool stays = outcome && outcome->status != 200 && outcome->status != 404 &&
                           outcome->target.starts_with('/') &&
                           outcome->target.find('?') == std::string::npos;
        if (stays) {
            step->second = outcome->target.substr(0, outcome->target.find('#'));
        }
    }
    return step->second;
}

/// The paths from `start` back to it; nothing if it is not come back to.
std::vector<std::string>
circle_of(const RedirectRules& rules, const std::string& start, Steps& known)
{
    constexpr std::size_t k_patience = 20;  // of browsers
    std::vector<std::string> circle{start};
    while (circle.size() <= k_patience) {
        const std::optional<std::string>& next = next_of(rules, circle.back(), known);
        if (!next) {
            return {};
        }
        circle.push_back(*next);
        if (*next == start) {
            return circle;
        }
    }
    return {};
}

}  // namespace

void RedirectRules::warn_of_circles(RuleWarnings& warnings) const
{
    std::vector<std::pair<std::size_t, std::string>> starts;
    std::transform(
        literal_.begin(),
        literal_.end(),
        std::back_inserter(starts),
        [&](const auto& literal) {
            return std::pair{rules_[literal.second].line, literal.first};
        }
    );
    std::sort(starts.begin(), starts.end());
    Steps known;
    std::set<std::string> told;
    for (const auto& [line, path] : starts) {
        if (told.contains(path)) {
            continue;
        }
        const std::vector<std::string> circle = circle_of(*this, path, known);
        told.insert(circle.begin(), circle.end());
        if (!circle.empty()) {
            warnings.add(
                line,
                fmt::format(
                    "{} leads round in a circle, which browsers give up on",
                    quoted(fmt::format("{}", fmt::join(circle, " -> ")))
                )
            );
        }
    }
}

}  // namespace libra
