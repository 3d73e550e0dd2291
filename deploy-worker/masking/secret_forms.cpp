#include "deploy-worker/masking/secret_forms.hpp"

#include "shared/base/base64.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace libra {

namespace {

constexpr std::size_t k_piece_bytes = 64;

/// The characters of base64 that `bytes` alone decides, `shift` bytes after the start of a group.
std::string base64_core(std::string_view bytes, std::size_t shift)
{
    constexpr std::size_t k_bits_a_character = 6;
    const std::string text = to_base64(std::string(shift, '\0').append(bytes));
    const std::size_t first = (shift * 8 + k_bits_a_character - 1) / k_bits_a_character;
    const std::size_t last = (shift + bytes.size()) * 8 / k_bits_a_character;
    return text.substr(first, last - first);
}

void add_piece(PatternSet& patterns, std::string_view piece)
{
    constexpr std::size_t k_group_bytes = 3;
    patterns.add(piece, false);
    for (std::size_t shift = 0; shift < k_group_bytes; ++shift) {
        std::string core = base64_core(piece, shift);
        patterns.add(core, true);
        std::replace(core.begin(), core.end(), '+', '-');
        std::replace(core.begin(), core.end(), '/', '_');
        patterns.add(core, true);
    }
}

void add_text(PatternSet& patterns, std::string_view text)
{
    if (text.size() < k_shortest_masked_bytes) {
        return;
    }
    for (std::size_t at = 0; at < text.size(); at += k_piece_bytes) {
        // The last piece reaches back, so that it is not too short.
        const std::size_t from =
            text.size() <= k_piece_bytes ? 0 : std::min(at, text.size() - k_piece_bytes);
        add_piece(patterns, text.substr(from, k_piece_bytes));
    }
}

bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

std::string_view trimmed(std::string_view line)
{
    const std::size_t first = line.find_first_not_of(" \t\r");
    return first == std::string_view::npos
               ? std::string_view{}
               : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

PatternSet patterns_of(const std::vector<std::string>& secrets)
{
    PatternSet patterns;
    for (const std::string& secret : secrets) {
        std::string whole = secret;
        std::erase_if(whole, is_line_end);
        add_text(patterns, whole);
        // Encoded together with its line ends it is another text.
        if (whole != secret && secret.size() >= k_shortest_masked_bytes) {
            add_text(patterns, secret);
        }
        for (std::string_view rest = secret; !rest.empty();) {
            const std::size_t end = rest.find('\n');
            add_text(patterns, trimmed(rest.substr(0, end)));
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        }
    }
    patterns.finish();
    return patterns;
}

}  // namespace libra
