#include "shared/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace libra {

namespace {

using Byte = unsigned char;

struct Sequence {
    Byte first_lead;
    Byte last_lead;
    std::size_t length;
    Byte least_second;  // what the second byte must be; all later ones are 80..BF
    Byte most_second;
};

// Source: Unicode 15, table 3-7.
constexpr std::array k_sequences{
    Sequence{0x00, 0x7F, 1, 0x00, 0x00},
    Sequence{0xC2, 0xDF, 2, 0x80, 0xBF},
    Sequence{0xE0, 0xE0, 3, 0xA0, 0xBF},
    Sequence{0xE1, 0xEC, 3, 0x80, 0xBF},
    Sequence{0xED, 0xED, 3, 0x80, 0x9F},
    Sequence{0xEE, 0xEF, 3, 0x80, 0xBF},
    Sequence{0xF0, 0xF0, 4, 0x90, 0xBF},
    Sequence{0xF1, 0xF3, 4, 0x80, 0xBF},
    Sequence{0xF4, 0xF4, 4, 0x80, 0x8F},
};

bool has_tail(std::string_view text, const Sequence& sequence)
{
    if (text.size() < sequence.length) {
        return false;
    }
    for (std::size_t i = 1; i < sequence.length; ++i) {
        const auto byte = static_cast<Byte>(text[i]);
        const Byte least = i == 1 ? sequence.least_second : Byte{0x80};
        const Byte most = i == 1 ? sequence.most_second : Byte{0xBF};
        if (byte < least || byte > most) {
            return false;
        }
    }
    return true;
}

constexpr char k_escape = 0x1B;

/// Bytes of the sequence that `text` begins with, if any.
std::size_t escape_length(std::string_view text)
{
    if (text.size() < 2) {
        return text.size();
    }
    if (text[1] == '[') {
        const auto* const end =
            std::find_if(text.begin() + 2, text.end(), [](char c) { return c >= '@' && c <= '~'; });
        return std::min(text.size(), static_cast<std::size_t>(end - text.begin()) + 1);
    }
    if (text[1] == ']') {
        const std::size_t end = text.find_first_of("\x07\x1B", 2);
        return end == std::string_view::npos ? text.size() : end + (text[end] == k_escape ? 0 : 1);
    }
    return 2;
}

}  // namespace

std::size_t utf8_length(std::string_view text)
{
    if (text.empty()) {
        return 0;
    }
    const auto lead = static_cast<Byte>(text.front());
    for (const Sequence& sequence : k_sequences) {
        if (lead >= sequence.first_lead && lead <= sequence.last_lead) {
            return has_tail(text, sequence) ? sequence.length : 0;
        }
    }
    return 0;
}

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        // Nearly all of it is ASCII.
        const std::size_t length = static_cast<Byte>(text.front()) < 0x80 ? 1 : utf8_length(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

std::string without_escapes(std::string_view text)
{
    std::string clean;
    while (!text.empty()) {
        const std::size_t plain = std::min(text.find(k_escape), text.size());
        clean += text.substr(0, plain);
        text.remove_prefix(plain);
        text.remove_prefix(escape_length(text));
    }
    return clean;
}

std::string printable_utf8(std::string_view text)
{
    constexpr std::string_view k_replacement{"\xEF\xBF\xBD"};
    constexpr char k_delete = 0x7F;
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const char first = text.front();
        const bool control = length == 1 &&
                             (static_cast<unsigned char>(first) < 0x20 || first == k_delete) &&
                             first != '\t' && first != k_escape;
        clean += length == 0 || control ? k_replacement : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return clean;
}

std::optional<std::string> percent_decoded(std::string_view text)
{
    constexpr int k_hexadecimal = 16;
    std::string decoded;
    while (!text.empty()) {
        if (text.front() != '%') {
            decoded += text.front();
            text.remove_prefix(1);
            continue;
        }
        const std::string_view digits = text.substr(1, 2);
        const char* const end = digits.data() + digits.size();
        unsigned char byte{};
        const auto [rest, failed] = std::from_chars(digits.data(), end, byte, k_hexadecimal);
        if (digits.size() != 2 || failed != std::errc{} || rest != end) {
            return std::nullopt;
        }
        decoded += static_cast<char>(byte);
        text.remove_prefix(3);
    }
    return decoded;
}

}  // namespace libra
