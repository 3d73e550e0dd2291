#pragma once

#include "shared/site_rules/rule_line.hpp"
#include "shared/site_rules/rule_pattern.hpp"
#include "shared/site_rules/url_text.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file A site's `_redirects`. Pure.
///
/// Sources: developers.cloudflare.com/pages/configuration/redirects and
/// docs.netlify.com/routing/redirects. Where the two differ: README, "Headers and redirects".

namespace libra {

/// What a rule makes of a request.
struct RedirectOutcome {
    int status{};          // 200 and 404: another page of the site is shown; else a redirect
    std::string target{};  // a canonical path of the site, or for a redirect the Location

    bool operator==(const RedirectOutcome&) const = default;
};

class RedirectRules {
public:
    static constexpr std::size_t k_most_static = 2000;
    static constexpr std::size_t k_most_dynamic = 100;
    static constexpr std::size_t k_longest_line = 1000;

    /// What cannot be understood is left out and warned of; it never fails.
    static RedirectRules parse(std::string_view text, RuleWarnings& warnings);

    bool empty() const { return rules_.empty(); }

    std::size_t number() const { return rules_.size(); }

    /// The first rule that applies. `path` is as in the request's first line; `exists` says whether
    /// the site has a file that would be shown for it, and is asked at most once: a page is not
    /// hidden by a rule with 200 or 404 unless that is forced (`200!`).
    std::optional<RedirectOutcome>
    find(std::string_view path, std::string_view query, const std::function<bool()>& exists) const;

    /// Warns of rules for one path each that lead round in a circle, which browsers give up on;
    /// they stay as they are. Slower than `parse`: for who writes rules, not for who serves by
    /// them.
    void warn_of_circles(RuleWarnings& warnings) const;

private:
    struct Rule {
        RulePattern from{};
        QueryPairs query{};  // every name with its value, or with a `:placeholder` for it
        std::string to{};
        int status{};
        bool forced{};
        std::size_t line{};
    };

    class Reading;

    static std::optional<RedirectOutcome>
    outcome_of(const Rule& rule, std::string_view path, std::string_view query);

    std::vector<Rule> rules_{};
    std::multimap<std::string, std::size_t, std::less<>> literal_{};  // by path
    std::vector<std::size_t> others_{};
};

}  // namespace libra
