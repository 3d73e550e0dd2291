#include "shared/site_rules/header_rules.hpp"

#include "shared/site_rules/url_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace libra {

namespace {

std::string lower(std::string_view text)
{
    std::string folded{text};
    std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return folded;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_token(std::string_view name)
{
    constexpr std::string_view k_marks{"!#$%&'*+-.^_`|~"};
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               k_marks.find(c) != std::string_view::npos;
    });
}

/// The first group is the connection's and the host's business; what is in the second would reach
/// beyond the site's own host name.
constexpr std::array<std::string_view, 26> k_kept_back{
    "accept-ranges",
    "age",
    "allow",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "date",
    "etag",
    "keep-alive",
    "last-modified",
    "location",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "server",
    "status",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
    "via",
    "x-accel-redirect",

    "alt-svc",
    "clear-site-data",
};

std::string objection_to(std::string_view name, std::string_view value)
{
    const std::string folded = lower(name);
    if (!is_token(name)) {
        return "that is no name of a header";
    }
    const bool kept =
        folded.starts_with("libra-") ||
        std::find(k_kept_back.begin(), k_kept_back.end(), folded) != k_kept_back.end();
    if (kept) {
        return fmt::format("{} cannot be set by a site", name);
    }
    const bool visible = std::all_of(value.begin(), value.end(), [](char c) {
        return c == '\t' || static_cast<unsigned char>(c) >= ' ';
    });
    const bool ascii = std::all_of(value.begin(), value.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80;
    });
    if (!ascii) {
        return "the value has characters outside of ASCII, which browsers read differently; escape "
               "them";
    }
    if (!visible || value.find('\x7F') != std::string_view::npos) {
        return "the value has control characters";
    }
    if (folded == "set-cookie" && lower(value).find("domain") != std::string::npos) {
        return "a cookie that is set here cannot have a Domain";
    }
    return {};
}

void add(HeaderOutcome& outcome, const std::string& name, const std::string& value)
{
    const std::string folded = lower(name);
    const auto there =
        std::find_if(outcome.set.begin(), outcome.set.end(), [&](const auto& header) {
            return lower(header.first) == folded;
        });
    if (there == outcome.set.end() || folded == "set-cookie") {
        outcome.set.emplace_back(name, value);
    } else {
        there->second += ", " + value;
    }
}

}  // namespace

/// Reads line by line.
class HeaderRules::Reading {
public:
    explicit Reading(RuleWarnings& warnings) : warnings_{warnings} {}

    void take(std::size_t number, std::string_view line)
    {
        const bool url =
            line.front() == '/' || line.starts_with("https://") || line.starts_with("http://");
        if (url) {
            begin(number, line);
        } else if (line.front() == '!') {
            detach(number, line);
        } else {
            set(number, line);
        }
    }

    /// Rules without headers say nothing.
    HeaderRules finish() &&
    {
        for (std::size_t i = 0; i < rules_.rules_.size(); ++i) {
            if (rules_.rules_[i].set.empty() && rules_.rules_[i].detached.empty()) {
                warnings_.add(numbers_[i], "no header follows this line");
            }
        }
        return std::move(rules_);
    }

private:
    void warn(std::size_t number, std::string_view line, std::string_view why)
    {
        warnings_.add(number, fmt::format("{} is left out: {}", quoted(line), why));
    }

    /// Until the next URL, headers belong to a rule that does not count.
    void skip(std::size_t number, std::string_view line, std::string_view why)
    {
        warn(number, line, why);
        skipping_ = true;
    }

    void begin(std::size_t number, std::string_view line)
    {
        skipping_ = false;
        if (rules_.rules_.size() == k_most_rules) {
            skip(number, line, fmt::format("at most {} rules count", k_most_rules));
            return;
        }
        Rule rule;
        std::string_view path = line;
        if (line.front() != '/') {
            const std::string_view rest = line.substr(line.find("//") + 2);
            const std::size_t slash = std::min(rest.find('/'), rest.size());
            auto host = RulePattern::compile(lower_host(rest.substr(0, slash)), '.');
            if (host.has_error()) {
                skip(number, line, host.error().detail);
                return;
            }
            rule.host = *std::move(host);
            path = slash == rest.size() ? std::string_view{"/"} : rest.substr(slash);
        }
        auto pattern = RulePattern::compile(canonical_path(path), '/');
        if (pattern.has_error()) {
            skip(number, line, pattern.error().detail);
            return;
        }
        rule.path = *std::move(pattern);
        rules_.rules_.push_back(std::move(rule));
        numbers_.push_back(number);
    }

    /// Names of placeholders keep their case.
    static std::string lower_host(std::string_view host)
    {
        return has_placeholder(host) ? std::string{host} : lower(host);
    }

    void detach(std::size_t number, std::string_view line)
    {
        const std::string_view name = trimmed(line.substr(1));
        if (!in_rule(number, line)) {
            return;
        }
        if (is_token(name)) {
            rules_.rules_.back().detached.push_back(lower(name));
        } else {
            warn(number, line, "that is no name of a header");
        }
    }

    void set(std::size_t number, std::string_view line)
    {
        if (!in_rule(number, line)) {
            return;
        }
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            warn(number, line, "it is neither a path nor `Name: value`");
            return;
        }
        const std::string_view name = trimmed(line.substr(0, colon));
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (value.empty()) {
            warn(number, line, "the header has no value; to remove one write `! Name`");
        } else if (const std::string why = objection_to(name, value); !why.empty()) {
            warn(number, line, why);
        } else {
            rules_.rules_.back().set.emplace_back(name, value);
        }
    }

    bool in_rule(std::size_t number, std::string_view line)
    {
        if (!skipping_ && rules_.rules_.empty()) {
            warn(number, line, "no path stands before it");
        }
        return !skipping_ && !rules_.rules_.empty();
    }

    RuleWarnings& warnings_;
    HeaderRules rules_{};
    std::vector<std::size_t> numbers_{};
    bool skipping_{};
};

HeaderRules HeaderRules::parse(std::string_view text, RuleWarnings& warnings)
{
    Reading reading{warnings};
    each_rule_line(text, k_longest_line, warnings, [&](std::size_t number, std::string_view line) {
        reading.take(number, line);
    });
    return std::move(reading).finish();
}

HeaderOutcome HeaderRules::find(std::string_view host, std::string_view path) const
{
    const std::string canonical = canonical_path(path);
    HeaderOutcome outcome;
    std::size_t bytes = 0;
    for (const Rule& rule : rules_) {
        std::optional<Captures> captures = rule.path.match(canonical);
        std::optional<Captures> of_host = rule.host ? rule.host->match(host) : Captures{};
        if (!captures || !of_host) {
            continue;
        }
        captures->merge(*of_host);
        for (const std::string& name : rule.detached) {
            outcome.detached.insert(name);
            std::erase_if(outcome.set, [&](const auto& header) {
                return lower(header.first) == name;
            });
        }
        for (const auto& [name, value] : rule.set) {
            std::string filled = filled_in(value, *captures);
            bytes += name.size() + filled.size();
            if (bytes <= k_most_bytes) {
                add(outcome, name, filled);
            }
        }
    }
    return outcome;
}

}  // namespace libra
