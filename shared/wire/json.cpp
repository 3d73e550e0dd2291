#include "shared/wire/json.hpp"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

namespace libra {

namespace {

constexpr std::size_t k_max_depth = 32;
constexpr std::size_t k_max_values = 1'000'000;  // each costs memory beyond its text

// RapidJSON checks the tail of a UTF-8 sequence without looking for the end of the text.
constexpr std::size_t k_padding_bytes = 8;

// Numbers come as text, because RapidJSON's own conversion reads beyond its tables for a long
// fraction that begins with some 350 zeros, and the process is over.
constexpr unsigned k_flags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                             rapidjson::kParseValidateEncodingFlag |
                             rapidjson::kParseNumbersAsStringsFlag;

/// RapidJSON combines escaped surrogate pairs, but lets a low one without its high one through,
/// encoded as three bytes from ED A0 80 to ED BF BF.
bool has_surrogate(std::string_view text)
{
    for (std::size_t at = text.find('\xED'); at != std::string_view::npos;
         at = text.find('\xED', at + 1)) {
        if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) {
            return true;
        }
    }
    return false;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text)
{
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [stopped, failed] = std::from_chars(text.data(), end, number);
    return failed == std::errc{} && stopped == end ? std::optional{number} : std::nullopt;
}

/// What is too small becomes zero, what is too large infinite.
double nearest_double(std::string_view text)
{
    double number{0};
    const auto [stopped, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed == std::errc::result_out_of_range) {
        return std::strtod(std::string{text}.c_str(), nullptr);
    }
    return number;
}

/// Stands between the reader and the document, and refuses what the document must not hold.
class Guard {
public:
    explicit Guard(rapidjson::Document& dom) : dom_{dom} {}

    const char* complaint() const { return complaint_; }

    // The names are RapidJSON's.
    // NOLINTBEGIN(readability-identifier-naming)
    bool Null() { return one_more() && dom_.Null(); }

    bool Bool(bool value) { return one_more() && dom_.Bool(value); }

    bool Int(int /*value*/) { converted(); }

    bool Uint(unsigned /*value*/) { converted(); }

    bool Int64(std::int64_t /*value*/) { converted(); }

    bool Uint64(std::uint64_t /*value*/) { converted(); }

    bool Double(double /*value*/) { converted(); }

    bool RawNumber(const char* digits, rapidjson::SizeType size, bool /*copy*/)
    {
        const std::string_view text{digits, size};
        if (!one_more()) {
            return false;
        }
        if (const auto number = whole_number<std::int64_t>(text)) {
            return dom_.Int64(*number);
        }
        if (const auto number = whole_number<std::uint64_t>(text)) {
            return dom_.Uint64(*number);
        }
        const double number = nearest_double(text);
        return std::isfinite(number) ? dom_.Double(number) : refuse("a number is too large");
    }

    bool String(const char* text, rapidjson::SizeType size, bool copy)
    {
        return one_more() && good_text({text, size}) && dom_.String(text, size, copy);
    }

    bool Key(const char* text, rapidjson::SizeType size, bool copy)
    {
        keys_[depth_ - 1].emplace_back(text, size);
        return one_more() && good_text({text, size}) && dom_.Key(text, size, copy);
    }

    bool StartObject() { return one_more() && enter() && dom_.StartObject(); }

    bool EndObject(rapidjson::SizeType members)
    {
        --depth_;
        return distinct(keys_[depth_]) && dom_.EndObject(members);
    }

    bool StartArray() { return one_more() && enter() && dom_.StartArray(); }

    bool EndArray(rapidjson::SizeType items)
    {
        --depth_;
        return dom_.EndArray(items);
    }

    // NOLINTEND(readability-identifier-naming)

private:
    [[noreturn]] static void converted() { throw std::logic_error{"numbers come as text"}; }

    bool refuse(const char* complaint)
    {
        complaint_ = complaint;
        return false;
    }

    bool one_more()
    {
        return ++values_ <= k_max_values || refuse("there are more than 1,000,000 values");
    }

    bool enter()
    {
        if (depth_ == k_max_depth) {
            return refuse("values are nested more than 32 levels deep");
        }
        keys_[depth_].clear();
        ++depth_;
        return true;
    }

    bool good_text(std::string_view text)
    {
        if (text.find('\0') != std::string_view::npos) {
            return refuse("a string has a NUL character");
        }
        return !has_surrogate(text) || refuse("a string has half a surrogate pair");
    }

    bool distinct(std::vector<std::string_view>& keys)
    {
        std::sort(keys.begin(), keys.end());
        return std::adjacent_find(keys.begin(), keys.end()) == keys.end() ||
               refuse("an object has the same key twice");
    }

    rapidjson::Document& dom_;
    std::size_t depth_{0};
    std::size_t values_{0};
    std::array<std::vector<std::string_view>, k_max_depth> keys_;  // of the objects still open
    const char* complaint_{nullptr};
};

/// For `Document::Populate`, which wants something to call with the document.
struct GuardedReader {
    char* text;
    std::string complaint{};

    bool operator()(rapidjson::Document& dom)
    {
        Guard guard{dom};
        rapidjson::InsituStringStream stream{text};
        rapidjson::Reader reader;
        const rapidjson::ParseResult result = reader.Parse<k_flags>(stream, guard);
        if (result.IsError()) {
            complaint = fmt::format(
                "not readable as JSON at byte {}: {}",
                result.Offset(),
                guard.complaint() != nullptr ? guard.complaint()
                                             : rapidjson::GetParseError_En(result.Code())
            );
        }
        return !result.IsError();
    }
};

}  // namespace

Result<JsonDocument> JsonDocument::parse(std::string_view text)
{
    // The reader takes a NUL for the end of the text.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        return Error{
            Errc::invalid_input,
            fmt::format("not readable as JSON at byte {}: there is a NUL byte", nul)};
    }
    JsonDocument document;
    document.text_.reserve(text.size() + k_padding_bytes);
    document.text_.assign(text.begin(), text.end());
    document.text_.resize(text.size() + k_padding_bytes, '\0');
    GuardedReader reader{.text = document.text_.data()};
    document.dom_.Populate(reader);
    if (!reader.complaint.empty()) {
        return Error{Errc::invalid_input, std::move(reader.complaint)};
    }
    return document;
}

}  // namespace libra
