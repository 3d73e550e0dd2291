#include "api-gateway/api/media_type.hpp"

#include "shared/http/message.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace libra {

namespace {

/// The part of `list` before the next `separator`, which is taken from it together with that.
std::string_view next_part(std::string_view& list, char separator)
{
    const std::size_t end = std::min(list.find(separator), list.size());
    const std::string_view part = trimmed(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
    return part;
}

/// A quality of RFC 9110 in thousandths. Nothing for what is none.
std::optional<int> parse_quality(std::string_view text)
{
    constexpr int k_whole = 1000;
    constexpr std::size_t k_longest = 5;  // 0.123
    if (text.empty() || text.size() > k_longest || (text[0] != '0' && text[0] != '1') ||
        (text.size() > 1 && text[1] != '.')) {
        return std::nullopt;
    }
    int quality = (text[0] - '0') * k_whole;
    int worth = k_whole / 10;
    for (const char digit : text.substr(std::min(text.size(), std::size_t{2}))) {
        if (std::isdigit(static_cast<unsigned char>(digit)) == 0) {
            return std::nullopt;
        }
        quality += (digit - '0') * worth;
        worth /= 10;
    }
    return std::min(quality, k_whole);
}

/// How exactly a media range names `type`: 3 by name, 2 by `text/*`, 1 by `*/*`, 0 not at all.
int exactness(std::string_view range, std::string_view type)
{
    if (equal_without_case(range, type)) {
        return 3;
    }
    if (range == "*/*") {
        return 1;
    }
    const std::string_view family = type.substr(0, type.find('/') + 1);
    return range.ends_with("/*") && equal_without_case(range.substr(0, range.size() - 1), family)
               ? 2
               : 0;
}

/// The quality that the most exact range gives to `type`; 0 where none does.
int quality_of(std::string_view type, std::string_view accept)
{
    int quality = 0;
    int most_exact = 0;
    while (!accept.empty()) {
        std::string_view entry = next_part(accept, ',');
        const int exact = exactness(next_part(entry, ';'), type);
        int said = 1000;
        while (!entry.empty()) {
            const std::string_view parameter = next_part(entry, ';');
            if (parameter.starts_with("q=") || parameter.starts_with("Q=")) {
                said = parse_quality(parameter.substr(2)).value_or(0);
            }
        }
        if (exact > most_exact) {
            most_exact = exact;
            quality = said;
        }
    }
    return quality;
}

}  // namespace

bool is_json(std::string_view content_type)
{
    const std::size_t semicolon = content_type.find(';');
    if (!equal_without_case(trimmed(content_type.substr(0, semicolon)), "application/json")) {
        return false;
    }
    if (semicolon == std::string_view::npos) {
        return true;
    }
    const std::string_view parameter = trimmed(content_type.substr(semicolon + 1));
    return parameter.empty() || equal_without_case(parameter, "charset=utf-8") ||
           equal_without_case(parameter, "charset=\"utf-8\"");
}

std::string_view
preferred_media_type(std::string_view accept, std::span<const std::string_view> offered)
{
    std::string_view preferred = offered.front();
    int best = 0;
    for (const std::string_view type : offered) {
        const int quality = quality_of(type, accept);
        if (quality > best) {
            best = quality;
            preferred = type;
        }
    }
    return preferred;
}

bool is_octet_stream(std::string_view content_type)
{
    return equal_without_case(trimmed(content_type), "application/octet-stream");
}

bool is_encoded(std::string_view content_encoding)
{
    const std::string_view encoding = trimmed(content_encoding);
    return !encoding.empty() && !equal_without_case(encoding, "identity");
}

}  // namespace libra
