#include "api-gateway/api/path_pattern.hpp"

#include <algorithm>

namespace libra {

namespace {

bool segment_matches(std::string_view wanted, std::string_view segment)
{
    return wanted.starts_with('{') ? !segment.empty() : wanted == segment;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view path)
{
    while (true) {
        const std::size_t pattern_end = std::min(pattern.find('/'), pattern.size());
        const std::size_t path_end = std::min(path.find('/'), path.size());
        if (!segment_matches(pattern.substr(0, pattern_end), path.substr(0, path_end))) {
            return false;
        }
        if (pattern_end == pattern.size() || path_end == path.size()) {
            return pattern_end == pattern.size() && path_end == path.size();
        }
        pattern.remove_prefix(pattern_end + 1);
        path.remove_prefix(path_end + 1);
    }
}

bool is_more_literal(std::string_view left, std::string_view right)
{
    // Up to the first difference both say the same, and there one of them has a brace.
    const auto [at_left, at_right] =
        std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    return at_right != right.end() && *at_right == '{' &&
           (at_left == left.end() || *at_left != '{');
}

}  // namespace libra
