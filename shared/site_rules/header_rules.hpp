#pragma once

#include "shared/site_rules/rule_line.hpp"
#include "shared/site_rules/rule_pattern.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file A site's `_headers`. Pure.
///
/// Sources: developers.cloudflare.com/pages/configuration/headers and
/// docs.netlify.com/routing/headers. Where the two differ: README, "Headers and redirects".

namespace libra {

/// What the rules make of the headers of an answer.
struct HeaderOutcome {
    std::vector<std::pair<std::string, std::string>> set{};  // in place of the host's own
    std::set<std::string, std::less<>> detached{};  // in lower case: not even the host's own
};

class HeaderRules {
public:
    static constexpr std::size_t k_most_rules = 100;
    static constexpr std::size_t k_longest_line = 2000;
    static constexpr std::size_t k_most_bytes = std::size_t{32} << 10U;  // set for one answer

    /// What cannot be understood is left out and warned of; it never fails.
    static HeaderRules parse(std::string_view text, RuleWarnings& warnings);

    bool empty() const { return rules_.empty(); }

    std::size_t number() const { return rules_.size(); }

    /// All rules that match count, in their order. `path` is as in the request's first line.
    HeaderOutcome find(std::string_view host, std::string_view path) const;

private:
    struct Rule {
        std::optional<RulePattern> host{};
        RulePattern path{};
        std::vector<std::pair<std::string, std::string>> set{};
        std::vector<std::string> detached{};  // in lower case; before what is set
    };

    class Reading;

    std::vector<Rule> rules_{};
};

}  // namespace libra
