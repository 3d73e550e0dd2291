#include "deploy-worker/build/output_tail.hpp"

#include <algorithm>
#include <cstdint>

namespace libra {

namespace {

constexpr std::size_t k_lines = 15;
constexpr std::size_t k_text_bytes = 2048;
constexpr std::size_t k_line_bytes = 400;
constexpr std::string_view k_replacement{"\xEF\xBF\xBD"};

/// Bytes of the escape sequence that `text` begins with (ECMA-48: CSI and OSC, else two bytes).
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
        return end == std::string_view::npos ? text.size() : end + 1;
    }
    return 2;
}

unsigned byte_at(std::string_view text, std::size_t at)
{
    return static_cast<unsigned char>(text[at]);
}

/// How many bytes a UTF-8 sequence has that begins with `first`; 0 if none does (RFC 3629).
std::size_t announced_length(unsigned first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
        return 0;
    }
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/// Bytes of the well-formed UTF-8 sequence that `text` begins with; 0 if it is not one.
std::size_t sequence_length(std::string_view text)
{
    const unsigned first = byte_at(text, 0);
    const std::size_t length = announced_length(first);
    if (length < 2 || text.size() < length) {
        return length == 1 ? 1 : 0;
    }
    // Overlong forms, surrogates and what lies beyond Unicode show in the second byte.
    const unsigned least = first == 0xE0 ? 0xA0U : first == 0xF0 ? 0x90U : 0x80U;
    const unsigned most = first == 0xED ? 0x9FU : first == 0xF4 ? 0x8FU : 0xBFU;
    const unsigned second = byte_at(text, 1);
    const bool continued = std::all_of(text.begin() + 1, text.begin() + length, [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    });
    return continued && second >= least && second <= most ? length : 0;
}

void keep(std::deque<std::string>& lines, std::string_view line)
{
    std::string clean = printable(line.substr(0, k_line_bytes));
    if (clean.find_first_not_of(' ') == std::string::npos) {
        return;
    }
    lines.push_back(std::move(clean));
    if (lines.size() > k_lines) {
        lines.pop_front();
    }
}

}  // namespace

std::string printable(std::string_view line)
{
    std::string clean;
    while (!line.empty()) {
        const unsigned first = byte_at(line, 0);
        std::size_t used = 1;
        if (first == 0x1B) {
            used = escape_length(line);
        } else if (first == '\t') {
            clean += "  ";
        } else if (first >= 0x20 && first != 0x7F) {
            const std::size_t length = sequence_length(line);
            clean += length == 0 ? k_replacement : line.substr(0, length);
            used = std::max<std::size_t>(length, 1);
        }
        line.remove_prefix(used);
    }
    return clean;
}

void OutputTail::line(OutputStream stream, std::string_view line)
{
    keep(stream == OutputStream::err ? err_ : out_, line);
    next_.line(stream, line);
}

std::string OutputTail::text() const
{
    const auto& lines = err_.empty() ? out_ : err_;
    std::size_t first = lines.size();
    std::size_t bytes = 0;
    while (first > 0 && bytes + lines[first - 1].size() < k_text_bytes) {
        --first;
        bytes += lines[first].size() + 1;
    }
    std::string text;
    for (; first < lines.size(); ++first) {
        text += (text.empty() ? "" : "\n") + lines[first];
    }
    return text;
}

}  // namespace libra
