#include "shared/site_rules/url_text.hpp"

#include <algorithm>
#include <array>

namespace libra {

namespace {

constexpr std::string_view k_digits{"0123456789ABCDEF"};

bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool may_stand_in_path(char c)
{
    constexpr std::string_view k_marks{"-._~!$&'()*+,;=:@"};
    return is_alphanumeric(c) || k_marks.find(c) != std::string_view::npos;
}

bool may_stand_in_part(char c)
{
    constexpr std::string_view k_marks{"-._~"};
    return is_alphanumeric(c) || k_marks.find(c) != std::string_view::npos;
}

std::optional<unsigned> digit(char c)
{
    if (c >= 'a' && c <= 'f') {
        c = static_cast<char>(c - 'a' + 'A');
    }
    const std::size_t value = k_digits.find(c);
    return value == std::string_view::npos ? std::nullopt
                                           : std::optional{static_cast<unsigned>(value)};
}

/// The byte of an escape at the beginning of `text`.
std::optional<char> escape_at(std::string_view text)
{
    constexpr std::size_t k_length = 3;
    if (text.size() < k_length || text[0] != '%') {
        return std::nullopt;
    }
    const auto high = digit(text[1]);
    const auto low = digit(text[2]);
    return high && low ? std::optional{static_cast<char>((*high << 4U) | *low)} : std::nullopt;
}

void escape(std::string& into, char c)
{
    const auto byte = static_cast<unsigned char>(c);
    into += '%';
    into += k_digits[byte >> 4U];
    into += k_digits[byte & 0xFU];
}

}  // namespace

std::string canonical_path(std::string_view path)
{
    std::string out;
    out.reserve(path.size());
    while (!path.empty()) {
        const std::optional<char> escaped = escape_at(path);
        const char c = escaped.value_or(path.front());
        if (may_stand_in_path(c) || (c == '/' && !escaped)) {
            out += c;
        } else {
            escape(out, c);
        }
        path.remove_prefix(escaped ? 3 : 1);
    }
    return out;
}

std::string unescaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::optional<char> escaped = escape_at(text);
        out += escaped.value_or(text.front());
        text.remove_prefix(escaped ? 3 : 1);
    }
    return out;
}

std::string escaped_part(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (may_stand_in_part(c)) {
            out += c;
        } else {
            escape(out, c);
        }
    }
    return out;
}

std::string header_safe(std::string_view url)
{
    constexpr std::string_view k_unsafe{"\"<>\\^`{|}"};
    std::string out;
    out.reserve(url.size());
    for (const char c : url) {
        const bool visible = c > ' ' && c <= '~';
        if (visible && k_unsafe.find(c) == std::string_view::npos) {
            out += c;
        } else {
            escape(out, c);
        }
    }
    return out;
}

QueryPairs query_pairs(std::string_view query)
{
    const auto plain = [](std::string_view text) {
        std::string spaced{text};
        std::replace(spaced.begin(), spaced.end(), '+', ' ');
        return unescaped(spaced);
    };
    QueryPairs pairs;
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        const std::size_t equals = pair.find('=');
        if (!pair.empty()) {
            pairs.emplace_back(
                plain(pair.substr(0, equals)),
                equals == std::string_view::npos ? "" : plain(pair.substr(equals + 1))
            );
        }
    }
    return pairs;
}

}  // namespace libra
