#pragma once

#include "shared/base/result.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file Patterns with `:name` and `*`, as `_headers` and `_redirects` have them. Pure.

namespace libra {

/// What placeholders stood for; `splat` is what `*` did.
using Captures = std::map<std::string, std::string, std::less<>>;

/// Matches a text that is divided into parts: a path by `/`, a host name by `.`.
///
/// `:name` stands for what is left of one part and is never empty; `*` stands for anything, parts
/// and nothing included. Matching takes time in the length of the text, whatever the pattern.
class RulePattern {
public:
    /// @return `invalid_input` for more than one `*`, for two placeholders (or one and `*`) in one
    ///         part, and for a name that comes twice; its detail is fit for the user.
    static Result<RulePattern> compile(std::string_view pattern, char divider);

    /// Whether it has no placeholder and no `*`.
    bool literal() const { return literal_; }

    std::optional<Captures> match(std::string_view text) const;

private:
    struct Part {
        std::string before{};
        std::string name{};  // "" without placeholder
        std::string after{};
        bool wild{};
    };

    static bool match_part(const Part& part, std::string_view text, Captures& captures);

    char divider_{'/'};
    bool literal_{true};
    std::vector<Part> parts_{};
    std::optional<std::size_t> splat_{};  // the part that has `*`
};

/// `text` with every `:name` that is in `captures` replaced.
std::string filled_in(std::string_view text, const Captures& captures);

/// `text` with every `:name` replaced by `value`.
std::string filled_with(std::string_view text, std::string_view value);

/// Whether there is a `:name` or `:splat` in it.
bool has_placeholder(std::string_view text);

}  // namespace libra
