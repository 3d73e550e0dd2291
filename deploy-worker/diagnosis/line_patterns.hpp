#pragma once

#include <span>
#include <string_view>

/// @file What the lines around an error are, in the output of the tools of web projects. Like
/// `ErrorPattern`, expressions of RE2 for one line without colours.

namespace libra {

/// What tells in a line of its own where the error beside it is: `file`, perhaps `line`.
std::span<const std::string_view> place_patterns();

/// Lines that belong to no error although they stand in the middle of one: frames of a stack,
/// rulers, what a bundler tried.
std::span<const std::string_view> noise_patterns();

/// Lines behind which nothing belongs to the error before them: usage, where a log is kept.
std::span<const std::string_view> end_patterns();

/// Whether a line names only what its reader cannot reach: files of a sandbox that is gone, calls
/// inside of the sandbox's runtime. Whatever failed, it is not told by it.
bool tells_nothing(std::string_view line);

}  // namespace libra
