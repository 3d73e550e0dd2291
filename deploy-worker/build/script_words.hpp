#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file The configuration files of build tools, which are programs: read, never run.
///
/// What such a file says is found in its words, without comments and white space. That is less than
/// what running it would tell, and it can be done to a file of a stranger.

namespace libra {

struct ScriptWord {
    std::string_view text{};  // of a string: what is between the quotes, its escapes as they are
    bool is_string{};
};

/// The words of JavaScript, TypeScript or JSON: names and numbers, strings, and every other
/// character by itself. Takes time in proportion to `source`, into which the words point.
///
/// Where a regular expression looks like the beginning of a string, words of that line are wrong.
std::vector<ScriptWord> script_words(std::string_view source);

/// Whether the words of `phrase`, which are separated by blanks, follow each other in `words`. A
/// plain word stands for a name and for a string of that text, one in `'` for a string alone.
bool says(const std::vector<ScriptWord>& words, std::string_view phrase);

/// The string that is given to `key`: `key: 'text'`. The first, where there are several.
std::optional<std::string_view>
string_given_to(const std::vector<ScriptWord>& words, std::string_view key);

}  // namespace libra
