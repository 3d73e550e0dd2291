#include "shared/storage/sql_text.hpp"

#include <cstddef>

namespace libra {

namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at)
{
    return static_cast<std::uint8_t>(text[at]);
}

struct Lead {
    std::size_t length{};           // of the whole character; 0 for a byte that starts none
    std::uint8_t second_min{0x80};  // narrower than 0x80..0xBF where longer forms,
    std::uint8_t second_max{0xBF};  // surrogates or values past U+10FFFF would hide
};

Lead lead_of(std::uint8_t byte)
{
    if (byte == 0) {
        return {};
    }
    if (byte < 0x80) {
        return {.length = 1};
    }
    if (byte >= 0xC2 && byte <= 0xDF) {
        return {.length = 2};
    }
    if (byte >= 0xE0 && byte <= 0xEF) {
        const std::uint8_t least = byte == 0xE0 ? 0xA0 : 0x80;
        const std::uint8_t most = byte == 0xED ? 0x9F : 0xBF;
        return {.length = 3, .second_min = least, .second_max = most};
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        const std::uint8_t least = byte == 0xF0 ? 0x90 : 0x80;
        const std::uint8_t most = byte == 0xF4 ? 0x8F : 0xBF;
        return {.length = 4, .second_min = least, .second_max = most};
    }
    return {};
}

/// @return the length of the valid character at `at`, or 0.
std::size_t character_length(std::string_view text, std::size_t at)
{
    const Lead lead = lead_of(byte_at(text, at));
    if (lead.length < 2) {
        return lead.length;
    }
    if (text.size() - at < lead.length || byte_at(text, at + 1) < lead.second_min ||
        byte_at(text, at + 1) > lead.second_max) {
        return 0;
    }
    for (std::size_t index = 2; index < lead.length; ++index) {
        if ((byte_at(text, at + index) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    return lead.length;
}

}  // namespace

std::string database_text(std::string_view text)
{
    constexpr std::string_view k_replacement{"\xEF\xBF\xBD"};
    std::string clean;
    clean.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = character_length(text, at);
        clean += length == 0 ? k_replacement : text.substr(at, length);
        at += length == 0 ? 1 : length;
    }
    return clean;
}

std::string text_array(const std::vector<std::string_view>& items)
{
    std::string array{"{"};
    for (const std::string_view item : items) {
        array += array.size() == 1 ? "\"" : ",\"";
        for (const char letter : database_text(item)) {
            if (letter == '"' || letter == '\\') {
                array += '\\';
            }
            array += letter;
        }
        array += '"';
    }
    return array + '}';
}

std::string bigint_array(const std::vector<std::int64_t>& items)
{
    std::string array{"{"};
    for (const std::int64_t item : items) {
        if (array.size() > 1) {
            array += ',';
        }
        array += std::to_string(item);
    }
    return array + '}';
}

}  // namespace libra
