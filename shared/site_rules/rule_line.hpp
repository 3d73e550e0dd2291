#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// @file What `_headers` and `_redirects` have in common.

namespace libra {

/// A line that does not count, or not as it was meant. Never a reason to fail.
struct RuleWarning {
    std::size_t line{};  // from 1
    std::string text{};  // for the user

    bool operator==(const RuleWarning&) const = default;
};

/// The first of them, and how many there are: a file may be nothing but mistakes.
class RuleWarnings {
public:
    static constexpr std::size_t k_most_listed = 100;

    void add(std::size_t line, std::string text);

    const std::vector<RuleWarning>& listed() const { return listed_; }

    std::size_t number() const { return number_; }

private:
    std::vector<RuleWarning> listed_{};
    std::size_t number_{};
};

inline constexpr std::size_t k_rules_file_most_bytes = std::size_t{4} << 20U;

/// Calls `take` for each line that is neither empty nor a comment (`#` first), without white space
/// at its ends, and whether it was indented. Longer lines than `longest`, and what is beyond
/// k_rules_file_most_bytes, are warned of and left out.
void each_rule_line(
    std::string_view text,
    std::size_t longest,
    RuleWarnings& warnings,
    const std::function<void(std::size_t number, std::string_view line)>& take
);

/// At most 80 characters of what the user wrote, printable.
std::string quoted(std::string_view text);

}  // namespace libra
