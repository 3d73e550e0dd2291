#include "shared/site_rules/rule_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace libra {

namespace {

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The name after a colon at the beginning of `text`; empty where there is none.
std::string_view name_at(std::string_view text)
{
    if (text.size() < 2 || text[0] != ':' || !is_letter(text[1])) {
        return {};
    }
    std::size_t end = 2;
    while (end < text.size() &&
           (is_letter(text[end]) || text[end] == '_' || (text[end] >= '0' && text[end] <= '9'))) {
        ++end;
    }
    return text.substr(1, end - 1);
}

std::size_t find_placeholder(std::string_view text)
{
    std::size_t colon = text.find(':');
    while (colon != std::string_view::npos && name_at(text.substr(colon)).empty()) {
        colon = text.find(':', colon + 1);
    }
    return colon;
}

std::vector<std::string_view> split(std::string_view text, char divider)
{
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(divider);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

/// `value_of` is given each placeholder with its colon.
template <class ValueOf>
std::string replace_each(std::string_view text, const ValueOf& value_of)
{
    std::string out;
    while (true) {
        const std::size_t colon = find_placeholder(text);
        out += text.substr(0, colon);
        if (colon == std::string_view::npos) {
            return out;
        }
        text.remove_prefix(colon);
        const std::string_view placeholder = text.substr(0, name_at(text).size() + 1);
        out += value_of(placeholder);
        text.remove_prefix(placeholder.size());
    }
}

}  // namespace

Result<RulePattern> RulePattern::compile(std::string_view pattern, char divider)
{
    RulePattern made;
    made.divider_ = divider;
    std::set<std::string, std::less<>> names;
    for (const std::string_view text : split(pattern, divider)) {
        const std::size_t star = text.find('*');
        const std::size_t colon = find_placeholder(text);
        Part part{.before = std::string{text.substr(0, std::min(star, colon))}};
        if (star != std::string_view::npos) {
            part.wild = true;
            part.after = text.substr(star + 1);
            if (made.splat_ || part.after.find('*') != std::string::npos) {
                return Error{Errc::invalid_input, "it has more than one `*`"};
            }
            made.splat_ = made.parts_.size();
        } else if (colon != std::string_view::npos) {
            part.name = name_at(text.substr(colon));
            part.after = text.substr(colon + 1 + part.name.size());
        }
        const bool crowded = (part.wild && colon != std::string_view::npos) ||
                             find_placeholder(part.after) != std::string_view::npos;
        if (crowded) {
            return Error{
                Errc::invalid_input,
                fmt::format("`{}` has more than one placeholder between two `{}`", text, divider)};
        }
        if (!part.name.empty() && !names.insert(part.name).second) {
            return Error{
                Errc::invalid_input, fmt::format("the placeholder :{} comes twice", part.name)};
        }
        made.literal_ = made.literal_ && !part.wild && part.name.empty();
        made.parts_.push_back(std::move(part));
    }
    return made;
}

bool RulePattern::match_part(const Part& part, std::string_view text, Captures& captures)
{
    if (!part.wild && part.name.empty()) {
        return text == part.before;
    }
    if (text.size() < part.before.size() + part.after.size() || !text.starts_with(part.before) ||
        !text.ends_with(part.after)) {
        return false;
    }
    text.remove_prefix(part.before.size());
    text.remove_suffix(part.after.size());
    if (text.empty() && !part.wild) {
        return false;
    }
    captures.emplace(part.wild ? "splat" : part.name, text);
    return true;
}

std::optional<Captures> RulePattern::match(std::string_view text) const
{
    const std::vector<std::string_view> found = split(text, divider_);
    const std::size_t first_after = splat_.value_or(parts_.size() - 1) + 1;
    const std::size_t after = parts_.size() - first_after;
    if (splat_ ? found.size() < parts_.size() : found.size() != parts_.size()) {
        return std::nullopt;
    }
    Captures captures;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        if (splat_ && i == *splat_) {
            // What `*` may stand for goes from this part to the first of those after it.
            const std::string_view last = found[found.size() - after - 1];
            const std::string_view whole{
                found[i].data(),
                static_cast<std::size_t>(last.data() + last.size() - found[i].data())};
            if (!match_part(parts_[i], whole, captures)) {
                return std::nullopt;
            }
            continue;
        }
        const std::size_t at = i < first_after ? i : found.size() - (parts_.size() - i);
        if (!match_part(parts_[i], found[at], captures)) {
            return std::nullopt;
        }
    }
    return captures;
}

std::string filled_in(std::string_view text, const Captures& captures)
{
    return replace_each(text, [&](std::string_view placeholder) {
        const auto known = captures.find(placeholder.substr(1));
        return known == captures.end() ? placeholder : std::string_view{known->second};
    });
}

std::string filled_with(std::string_view text, std::string_view value)
{
    return replace_each(text, [&](std::string_view) { return value; });
}

bool has_placeholder(std::string_view text)
{
    return find_placeholder(text) != std::string_view::npos;
}

}  // namespace libra
