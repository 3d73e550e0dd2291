#include "deploy-worker/build/script_words.hpp"

#include <algorithm>

namespace libra {

namespace {

bool is_name_character(char character)
{
    const bool letter =
        (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    const bool digit = character >= '0' && character <= '9';
    return letter || digit || character == '_' || character == '$' ||
           static_cast<unsigned char>(character) >= 0x80;
}

bool is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

/// Where the comment that `source` begins with ends; 0 if it begins with none.
std::size_t comment_bytes(std::string_view source)
{
    if (source.starts_with("//")) {
        return std::min(source.find('\n'), source.size());
    }
    if (source.starts_with("/*")) {
        const std::size_t end = source.find("*/", 2);
        return end == std::string_view::npos ? source.size() : end + 2;
    }
    return 0;
}

/// How many bytes the string that `source` begins with has, quotes included. One in `'` or `"` ends
/// with its line at the latest.
std::size_t string_bytes(std::string_view source)
{
    const char quote = source.front();
    std::size_t at = 1;
    while (at < source.size() && source[at] != quote) {
        if (source[at] == '\n' && quote != '`') {
            return at;
        }
        at += source[at] == '\\' ? 2 : 1;
    }
    return std::min(at + 1, source.size());
}

std::size_t name_bytes(std::string_view source)
{
    const auto* const end = std::find_if_not(source.begin(), source.end(), is_name_character);
    return static_cast<std::size_t>(end - source.begin());
}

bool fits(const ScriptWord& word, std::string_view wanted)
{
    const bool string_only = wanted.size() > 1 && wanted.front() == '\'' && wanted.back() == '\'';
    if (string_only) {
        return word.is_string && word.text == wanted.substr(1, wanted.size() - 2);
    }
    return word.text == wanted;
}

std::vector<std::string_view> split(std::string_view phrase)
{
    std::vector<std::string_view> words;
    while (!phrase.empty()) {
        const std::size_t blank = std::min(phrase.find(' '), phrase.size());
        if (blank > 0) {
            words.push_back(phrase.substr(0, blank));
        }
        phrase.remove_prefix(std::min(blank + 1, phrase.size()));
    }
    return words;
}

}  // namespace

std::vector<ScriptWord> script_words(std::string_view source)
{
    std::vector<ScriptWord> words;
    while (!source.empty()) {
        const char first = source.front();
        std::size_t bytes = comment_bytes(source);
        if (bytes == 0 && (first == '\'' || first == '"' || first == '`')) {
            bytes = string_bytes(source);
            const bool closed = bytes > 1 && source[bytes - 1] == first;
            words.push_back({source.substr(1, bytes - (closed ? 2 : 1)), true});
        } else if (bytes == 0 && is_name_character(first)) {
            bytes = name_bytes(source);
            words.push_back({source.substr(0, bytes), false});
        } else if (bytes == 0) {
            bytes = 1;
            if (!is_blank(first)) {
                words.push_back({source.substr(0, 1), false});
            }
        }
        source.remove_prefix(bytes);
    }
    return words;
}

bool says(const std::vector<ScriptWord>& words, std::string_view phrase)
{
    const std::vector<std::string_view> wanted = split(phrase);
    return std::search(words.begin(), words.end(), wanted.begin(), wanted.end(), fits) !=
           words.end();
}

std::optional<std::string_view>
string_given_to(const std::vector<ScriptWord>& words, std::string_view key)
{
    for (std::size_t at = 0; at + 2 < words.size(); ++at) {
        const bool given = fits(words[at], key) && !words[at + 1].is_string &&
                           words[at + 1].text == ":" && words[at + 2].is_string;
        if (given) {
            return words[at + 2].text;
        }
    }
    return std::nullopt;
}

}  // namespace libra
