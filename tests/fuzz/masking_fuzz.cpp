#include "deploy-worker/masking/masking_sink.hpp"
#include "deploy-worker/masking/secret_forms.hpp"
#include "shared/base/base64.hpp"
#include "tests/fuzz/encoding.hpp"
#include "tests/fuzz/target.hpp"

#include <string>

/// @file The first line of the input is a secret, all that follows is what a build writes.

namespace libra::fuzz {

namespace {

constexpr std::string_view k_mask{"[redacted]"};

constexpr std::string_view k_line_ends{"\r\n"};

/// Whether `needle` stands between two masks, in one line or in several.
bool shows(std::string_view text, std::string_view needle, std::string_view line_ends = k_line_ends)
{
    const auto is_line_end = [&](char c) { return line_ends.find(c) != std::string_view::npos; };
    while (true) {
        const std::size_t end = text.find(k_mask);
        std::string part{text.substr(0, end)};
        std::erase_if(part, is_line_end);
        if (part.find(needle) != std::string::npos) {
            return true;
        }
        if (end == std::string_view::npos) {
            return false;
        }
        text.remove_prefix(end + k_mask.size());
    }
}

void check_masked(const std::string& secret, const std::string& output)
{
    const PatternSet patterns = patterns_of({secret});
    const std::string base64 = to_base64(secret);
    const std::string percent = percent_encoded(secret);
    must(!shows(masked(patterns, output), secret), "a secret is masked");
    must(!shows(masked(patterns, output + secret), secret), "a secret at the end is masked");
    must(!shows(masked(patterns, secret + output), secret), "a secret at the start is masked");
    must(!shows(masked(patterns, output + "\n" + base64), base64), "and in base64");
    // A carriage return within an escape ends it: lines come without.
    must(!shows(masked(patterns, output + "\n" + percent), percent, "\n"), "and percent-encoded");
}

}  // namespace

void try_input(std::string_view input)
{
    const std::size_t end = input.find('\n');
    std::string secret{input.substr(0, end)};
    std::erase(secret, '\r');
    const std::string output{end == std::string_view::npos ? input : input.substr(end + 1)};
    must(masked(patterns_of({}), output) == output, "without secrets nothing is masked");
    if (secret.size() >= k_shortest_masked_bytes) {
        check_masked(secret, output);
    }
}

}  // namespace libra::fuzz
