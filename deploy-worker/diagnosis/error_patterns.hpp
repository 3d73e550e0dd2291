#pragma once

#include <span>
#include <string_view>

/// @file What the tools of web projects print when they fail: one line, one expression. The data
/// that `ErrorScan` goes by.

namespace libra {

struct ErrorPattern {
    std::string_view cause{};       // of the report; empty: an error that does not say why
    std::string_view expression{};  // RE2, for one line without colours; its named groups are the
                                    // details, and `file` may be a path of the sandbox
    int weight{1};                  // what a heavier line says outweighs lighter ones before it
};

/// Where several fit a line, the first counts. Causes that end with `?` are those `Explainer` has
/// to look at the project for: `module_not_found?`.
std::span<const ErrorPattern> error_patterns();

}  // namespace libra
