#include "deploy-worker/masking/decoded_view.hpp"

#include <charconv>
#include <string_view>

namespace libra {

namespace {

constexpr std::size_t k_unicode_bytes = 6;  // of \uXXXX
constexpr std::uint32_t k_high_surrogates = 0xD800;
constexpr std::uint32_t k_low_surrogates = 0xDC00;
constexpr std::uint32_t k_after_surrogates = 0xE000;

bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool all_hex(std::string_view text)
{
    for (const char c : text) {
        if (!is_hex(c)) {
            return false;
        }
    }
    return true;
}

std::uint32_t hex_value(std::string_view digits)
{
    constexpr int k_sixteen = 16;
    std::uint32_t value{0};
    std::from_chars(digits.data(), digits.data() + digits.size(), value, k_sixteen);
    return value;
}

std::size_t write_utf8(std::uint32_t point, std::array<char, 4>& bytes)
{
    const auto tail = [&](unsigned shift) {
        return static_cast<char>(0x80U | ((point >> shift) & 0x3FU));
    };
    if (point < 0x80) {
        bytes = {static_cast<char>(point)};
        return 1;
    }
    if (point < 0x800) {
        bytes = {static_cast<char>(0xC0U | (point >> 6U)), tail(0)};
        return 2;
    }
    if (point < 0x10000) {
        bytes = {static_cast<char>(0xE0U | (point >> 12U)), tail(6), tail(0)};
        return 3;
    }
    bytes = {static_cast<char>(0xF0U | (point >> 18U)), tail(12), tail(6), tail(0)};
    return 4;
}

char unescaped(char letter)
{
    switch (letter) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return letter;
    }
}

}  // namespace

std::optional<DecodedView::Step> DecodedView::decode() const
{
    switch (encoding_) {
    case Encoding::none:
        return first_as_it_is();
    case Encoding::percent:
    case Encoding::form:
        return decode_percent();
    case Encoding::json_escapes:
        return decode_json();
    }
    return first_as_it_is();
}

std::optional<DecodedView::Step> DecodedView::decode_percent() const
{
    constexpr std::size_t k_escape_bytes = 3;
    if (waiting_.front() == '+' && encoding_ == Encoding::form) {
        return Step{.bytes = {' '}};
    }
    if (waiting_.front() != '%' || !all_hex(std::string_view{waiting_}.substr(1))) {
        return first_as_it_is();
    }
    if (waiting_.size() < k_escape_bytes) {
        return std::nullopt;
    }
    return Step{
        .used = k_escape_bytes,
        .bytes = {static_cast<char>(hex_value(std::string_view{waiting_}.substr(1)))}};
}

std::optional<DecodedView::Step> DecodedView::decode_json() const
{
    if (waiting_.front() != '\\') {
        return first_as_it_is();
    }
    if (waiting_.size() == 1) {
        return std::nullopt;
    }
    if (waiting_[1] == 'u') {
        return decode_unicode();
    }
    if (std::string_view{"\"\\/bfnrt"}.find(waiting_[1]) == std::string_view::npos) {
        return first_as_it_is();
    }
    return Step{.used = 2, .bytes = {unescaped(waiting_[1])}};
}

std::optional<DecodedView::Step> DecodedView::decode_unicode() const
{
    const std::string_view text{waiting_};
    if (!all_hex(text.substr(2, 4))) {
        return first_as_it_is();
    }
    if (text.size() < k_unicode_bytes) {
        return std::nullopt;
    }
    Step step{.used = k_unicode_bytes};
    std::uint32_t point = hex_value(text.substr(2, 4));
    if (point >= k_high_surrogates && point < k_low_surrogates) {
        const std::string_view second = text.substr(k_unicode_bytes);
        const std::string_view wanted{"\\u"};
        const bool may_be = second.substr(0, 2) == wanted.substr(0, second.size()) &&
                            (second.size() <= 2 || all_hex(second.substr(2)));
        if (may_be && second.size() < k_unicode_bytes) {
            return std::nullopt;
        }
        const std::uint32_t low = may_be ? hex_value(second.substr(2)) : 0;
        if (low >= k_low_surrogates && low < k_after_surrogates) {
            point = 0x10000 + ((point - k_high_surrogates) << 10U) + (low - k_low_surrogates);
            step.used = 2 * k_unicode_bytes;
        }
    }
    step.length = write_utf8(point, step.bytes);
    return step;
}

}  // namespace libra
