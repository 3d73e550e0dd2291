#include "tests/fuzz/mutation.hpp"

#include <array>

namespace libra::fuzz {

namespace {

using namespace std::string_view_literals;

/// What parsers stumble over.
constexpr std::array k_hostile{
    "\0"sv,
    "\r\n"sv,
    R"(\)"sv,
    R"(")"sv,
    "../"sv,
    "//"sv,
    "%00"sv,
    "%2F"sv,
    R"(\u0000)"sv,
    R"(\ud800)"sv,
    "\xC0\xAF"sv,
    "\xED\xA0\x80"sv,
    "\xEF\xBB\xBF"sv,
    "\xF0\x9F\x98\x80"sv,
    "\xC3\x84"sv,
    "-1"sv,
    "1e999"sv,
    "18446744073709551616"sv,
    "null"sv,
    "[[[[[[[["sv,
    R"({"a":{"a":)"sv,
    ","sv,
    ";"sv,
    ":"sv,
};

constexpr std::size_t k_most_changes = 4;
constexpr std::size_t k_most_repeated_bytes = 64;

}  // namespace

std::string Mutation::of(std::string_view input)
{
    std::string text{input};
    for (std::size_t changes = 1 + below(k_most_changes); changes > 0; --changes) {
        change(text);
    }
    return text;
}

std::size_t Mutation::below(std::size_t end)
{
    return end == 0 ? 0 : random_() % end;
}

void Mutation::change(std::string& text)
{
    const std::size_t at = below(text.size());
    switch (below(6)) {
    case 0:
        if (!text.empty()) {
            text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        }
        break;
    case 1:
        if (!text.empty()) {
            text[at] = static_cast<char>(below(256));
        }
        break;
    case 2:
        text.insert(at, k_hostile.at(below(k_hostile.size())));
        break;
    case 3:
        text.erase(at, 1 + below(text.size() - at));
        break;
    case 4:
        text.insert(at, text.substr(at, 1 + below(k_most_repeated_bytes)));
        break;
    default: {
        const std::string& other = corpus_[below(corpus_.size())];
        text.resize(at);
        text += other.substr(below(other.size()));
    }
    }
}

}  // namespace libra::fuzz
