#include "deploy-worker/masking/masking_sink.hpp"
#include "deploy-worker/masking/secret_forms.hpp"
#include "shared/base/base64.hpp"
#include "tests/support/recording_lines.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace libra {
namespace {

/// Everything random here follows from the seed alone.
class Dice {
public:
    explicit Dice(std::uint32_t seed) : engine_{seed} {}

    std::size_t below(std::size_t limit) { return engine_() % limit; }

    std::string text(std::size_t length, std::string_view alphabet)
    {
        std::string made;
        for (std::size_t i = 0; i < length; ++i) {
            made += alphabet[below(alphabet.size())];
        }
        return made;
    }

private:
    std::mt19937 engine_;
};

constexpr std::string_view k_letters{"abcXYZ019-_+/=\"\\%& :\t"};
constexpr std::string_view k_noise{"#~<>|^()"};  // in no secret and in no form of one

std::string percent(std::string_view text)
{
    std::string coded;
    for (const char c : text) {
        coded += std::isalnum(static_cast<unsigned char>(c)) != 0
                     ? std::string(1, c)
                     : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return coded;
}

std::string json(std::string_view text)
{
    std::string coded;
    for (const char c : text) {
        coded += c == '"' || c == '\\' ? std::string{'\\', c}
                 : c == '\t'           ? std::string{"\\t"}
                                       : std::string(1, c);
    }
    return coded;
}

std::string base64_url(std::string text)
{
    text = to_base64(text);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

/// The secret in one of its forms.
std::string form_of(const std::string& secret, Dice& dice)
{
    const std::string before = dice.text(dice.below(4), k_noise);
    switch (dice.below(5)) {
    case 0:
        return secret;
    case 1:
        return percent(secret);
    case 2:
        return json(secret);
    case 3:
        return to_base64(before + secret);
    default:
        return base64_url(before + secret);
    }
}

std::vector<std::string> split(std::string_view text, Dice& dice)
{
    std::vector<std::string> pieces;
    while (!text.empty()) {
        const std::size_t length = 1 + dice.below(std::min<std::size_t>(text.size(), 12));
        pieces.emplace_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return pieces;
}

TEST_CASE("wherever the output is split, no form of a secret gets through and the rest does")
{
    for (std::uint32_t seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        Dice dice{seed};
        std::vector<std::string> secrets;
        for (std::size_t i = 0; i < 1 + dice.below(4); ++i) {
            secrets.push_back(dice.text(6 + dice.below(90), k_letters));
        }
        std::string noise;
        std::string output;
        for (int i = 0; i < 12; ++i) {
            const std::string between = dice.text(1 + dice.below(9), k_noise);
            noise += between;
            output += between + form_of(secrets[dice.below(secrets.size())], dice);
        }
        const PatternSet patterns = patterns_of(secrets);
        testing::RecordingLines lines;
        MaskingSink sink{patterns, lines};
        const std::vector<std::string> pieces = split(output, dice);

        for (const std::string& piece : pieces) {
            sink.line(OutputStream::out, piece);
        }
        sink.finish();

        CHECK(lines.out().size() == pieces.size());
        std::string left;
        for (std::string line : lines.out()) {
            for (std::size_t at = line.find("[redacted]"); at != std::string::npos;
                 at = line.find("[redacted]")) {
                line.erase(at, std::string_view{"[redacted]"}.size());
            }
            left += line;
        }
        std::string seen;
        std::copy_if(left.begin(), left.end(), std::back_inserter(seen), [](char c) {
            return k_noise.find(c) != std::string_view::npos;
        });
        CHECK(seen == noise);
        // Of base64 the few characters may stay that tell of what stood before, and padding.
        CHECK(left.size() - seen.size() <= 12 * 6);
        for (const std::string& secret : secrets) {
            CHECK(left.find(secret) == std::string::npos);
            CHECK(left.find(secret.substr(0, 6)) == std::string::npos);
        }
    }
}

}  // namespace
}  // namespace libra
