#include "shared/site_rules/redirect_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace libra {

namespace {

using Words = std::vector<std::string_view>;

Words words_of(std::string_view line)
{
    Words words;
    while (true) {
        const std::size_t first = line.find_first_not_of(" \t");
        if (first == std::string_view::npos) {
            return words;
        }
        line.remove_prefix(first);
        const std::size_t end = line.find_first_of(" \t");
        words.push_back(line.substr(0, end));
        line.remove_prefix(end == std::string_view::npos ? line.size() : end);
    }
}

bool is_absolute(std::string_view url)
{
    return url.starts_with("http://") || url.starts_with("https://") || url.starts_with("//");
}

bool is_page(int status)
{
    return status == 200 || status == 404;
}

/// `https://host:1/a` → `host:1`, `//host` → `host`.
std::string_view authority_of(std::string_view url)
{
    url.remove_prefix(url.find("//") + 2);
    return url.substr(0, url.find_first_of("/?#"));
}

std::optional<int> parse_status(std::string_view word, bool& forced)
{
    constexpr std::array k_known{200, 301, 302, 303, 307, 308, 404};
    forced = word.ends_with('!');
    word = word.substr(0, word.size() - (forced ? 1 : 0));
    const auto known = std::find_if(k_known.begin(), k_known.end(), [&](int status) {
        return word == std::to_string(status);
    });
    return known == k_known.end() ? std::nullopt : std::optional{*known};
}

/// The parts of a URL after its path are kept as they are.
std::pair<std::string_view, std::string_view> split_path(std::string_view url)
{
    const std::size_t end = std::min(url.find_first_of("?#"), url.size());
    return {url.substr(0, end), url.substr(end)};
}

/// With exactly one slash in front: two would name another host.
std::string below_site(std::string_view path)
{
    const std::size_t first = path.find_first_not_of('/');
    return first == std::string_view::npos ? "/" : '/' + std::string{path.substr(first)};
}

/// What stands for values in a pattern of the query: nothing if `pairs` do not have it all.
bool match_query(const QueryPairs& wanted, const QueryPairs& pairs, Captures& captures)
{
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& one) {
        const auto found = std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) {
            return pair.first == one.first;
        });
        if (found == pairs.end()) {
            return false;
        }
        if (one.second.starts_with(':') && one.second.size() > 1) {
            captures.insert_or_assign(one.second.substr(1), escaped_part(found->second));
            return true;
        }
        return found->second == one.second;
    });
}

}  // namespace

/// Reads line by line.
class RedirectRules::Reading {
public:
    explicit Reading(RuleWarnings& warnings) : warnings_{warnings} {}

    void take(std::size_t number, std::string_view line)
    {
        std::string objection;
        if (std::optional<Rule> rule = read(line, objection)) {
            keep(number, line, *std::move(rule));
        } else {
            warn(number, line, objection);
        }
    }

    RedirectRules rules{};

private:
    void warn(std::size_t number, std::string_view line, std::string_view why)
    {
        warnings_.add(number, fmt::format("{} is left out: {}", quoted(line), why));
    }

    static std::optional<Rule> read(std::string_view line, std::string& objection)
    {
        Words words = words_of(line);
        const auto comment = std::find_if(words.begin(), words.end(), [](std::string_view word) {
            return word.starts_with('#');
        });
        words.erase(comment, words.end());
        Rule rule;
        std::size_t next = 1;
        while (next < words.size() && words[next].front() != '/' && !is_absolute(words[next]) &&
               words[next].find('=') != std::string_view::npos) {
            const std::size_t equals = words[next].find('=');
            rule.query.emplace_back(
                unescaped(words[next].substr(0, equals)), unescaped(words[next].substr(equals + 1))
            );
            ++next;
        }
        if (next >= words.size()) {
            objection = "it needs a path and where that leads to";
            return std::nullopt;
        }
        const std::string_view to = words[next++];
        const std::string_view status = next < words.size() ? words[next++] : "302";
        const auto known = parse_status(status, rule.forced);
        if (!known) {
            objection = "the status must be one of 200, 301, 302, 303, 307, 308 and 404";
            return std::nullopt;
        }
        if (next < words.size()) {
            objection = "conditions (country, language, role, cookie) are not supported";
            return std::nullopt;
        }
        rule.status = *known;
        objection = fill(rule, words[0], to);
        return objection.empty() ? std::optional{std::move(rule)} : std::nullopt;
    }

    /// @return what is wrong; nothing if all is well.
    static std::string fill(Rule& rule, std::string_view from, std::string_view to)
    {
        if (is_absolute(from)) {
            return "rules for other host names are not supported; begin with a path";
        }
        if (from.front() != '/' || from.find_first_of("?#") != std::string_view::npos) {
            return "it must begin with a path, without a query";
        }
        auto pattern = RulePattern::compile(canonical_path(from), '/');
        if (pattern.has_error()) {
            return pattern.error().detail;
        }
        rule.from = *std::move(pattern);
        if (!is_absolute(to) && to.front() != '/') {
            return "it must lead to a path, or to an address with http:// or https://";
        }
        if (is_absolute(to) && is_page(rule.status)) {
            return "pages of other hosts are not fetched; use a redirect (301, 302, 303, 307, 308)";
        }
        if (is_absolute(to) && (authority_of(to).empty() || has_placeholder(authority_of(to)))) {
            return "the host name it leads to must be written out";
        }
        rule.to = is_absolute(to) ? header_safe(to) : relative(to);
        if (!is_page(rule.status) && !is_absolute(to) && leads_to_itself(rule)) {
            return "it would lead to itself again and again";
        }
        return {};
    }

    static std::string relative(std::string_view to)
    {
        const auto [path, rest] = split_path(to);
        return canonical_path(path) + header_safe(rest);
    }

    /// Follows the rule from an example, as a browser would.
    static bool leads_to_itself(const Rule& rule)
    {
        constexpr int k_patience = 20;  // of browsers
        std::string path = filled_with(split_path(rule.to).first, "x");
        for (int hop = 0; hop < k_patience; ++hop) {
            const std::optional<RedirectOutcome> next = outcome_of(rule, path, "");
            if (!next) {
                return false;
            }
            path = split_path(next->target).first;
        }
        return true;
    }

    void keep(std::size_t number, std::string_view line, Rule rule)
    {
        const bool literal = rule.from.literal() && rule.query.empty();
        std::size_t& count = literal ? static_ : dynamic_;
        const std::size_t most = literal ? k_most_static : k_most_dynamic;
        if (count == most) {
            warn(
                number,
                line,
                fmt::format(
                    "at most {} rules {} placeholders count", most, literal ? "without" : "with"
                )
            );
            return;
        }
        ++count;
        rule.line = number;
        const std::size_t index = rules.rules_.size();
        if (literal) {
            rules.literal_.emplace(canonical_path(words_of(line)[0]), index);
        } else {
            rules.others_.push_back(index);
        }
        rules.rules_.push_back(std::move(rule));
    }

    RuleWarnings& warnings_;
    std::size_t static_{};
    std::size_t dynamic_{};
};

RedirectRules RedirectRules::parse(std::string_view text, RuleWarnings& warnings)
{
    Reading reading{warnings};
    each_rule_line(text, k_longest_line, warnings, [&](std::size_t number, std::string_view line) {
        reading.take(number, line);
    });
    return std::move(reading.rules);
}

std::optional<RedirectOutcome>
RedirectRules::outcome_of(const Rule& rule, std::string_view path, std::string_view query)
{
    std::optional<Captures> captures = rule.from.match(path);
    if (!captures || !match_query(rule.query, query_pairs(query), *captures)) {
        return std::nullopt;
    }
    const auto [to_path, rest] = split_path(rule.to);
    if (is_absolute(rule.to)) {
        std::string target = filled_in(rule.to, *captures);
        const std::size_t fragment = std::min(target.find('#'), target.size());
        if (!query.empty() && rule.to.find('?') == std::string::npos) {
            target.insert(fragment, '?' + header_safe(query));
        }
        return RedirectOutcome{rule.status, std::move(target)};
    }
    std::string target = below_site(filled_in(to_path, *captures));
    if (is_page(rule.status)) {
        return RedirectOutcome{rule.status, std::move(target)};
    }
    const bool own_query = rest.starts_with('?');
    const bool same_page = target == path && !own_query;
    if (!own_query && !query.empty()) {
        target += '?' + header_safe(query);
    }
    target += filled_in(rest, *captures);
    return same_page ? std::nullopt
                     : std::optional{RedirectOutcome{rule.status, std::move(target)}};
}

std::optional<RedirectOutcome> RedirectRules::find(
    std::string_view path,
    std::string_view query,
    const std::function<bool()>& exists
) const
{
    const std::string canonical = canonical_path(path);
    std::vector<std::size_t> candidates = others_;
    const auto [begin, end] = literal_.equal_range(canonical);
    for (auto literal = begin; literal != end; ++literal) {
        candidates.push_back(literal->second);
    }
    std::sort(candidates.begin(), candidates.end());
    std::optional<bool> shown;
    for (const std::size_t index : candidates) {
        const Rule& rule = rules_[index];
        std::optional<RedirectOutcome> outcome = outcome_of(rule, canonical, query);
        if (!outcome) {
            continue;
        }
        if (is_page(rule.status) && !rule.forced) {
            shown = shown.value_or(false) || (!shown && exists());
            if (*shown) {
                continue;
            }
        }
        return outcome;
    }
    return std::nullopt;
}

}  // namespace libra
