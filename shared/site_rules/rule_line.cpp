#include "shared/site_rules/rule_line.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

namespace {

constexpr std::string_view k_blank{" \t\r\f\v"};

std::string_view stripped(std::string_view line)
{
    const std::size_t first = line.find_first_not_of(k_blank);
    if (first == std::string_view::npos) {
        return {};
    }
    return line.substr(first, line.find_last_not_of(k_blank) - first + 1);
}

}  // namespace

void RuleWarnings::add(std::size_t line, std::string text)
{
    ++number_;
    if (listed_.size() < k_most_listed) {
        listed_.push_back({line, std::move(text)});
    }
}

void each_rule_line(
    std::string_view text,
    std::size_t longest,
    RuleWarnings& warnings,
    const std::function<void(std::size_t number, std::string_view line)>& take
)
{
    constexpr std::string_view k_byte_order_mark{"\xEF\xBB\xBF"};
    if (text.starts_with(k_byte_order_mark)) {
        text.remove_prefix(k_byte_order_mark.size());
    }
    const bool cut = text.size() > k_rules_file_most_bytes;
    text = text.substr(0, k_rules_file_most_bytes);
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const std::size_t end = text.find('\n');
        const std::string_view line = stripped(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        if (line.size() > longest) {
            warnings.add(
                number, fmt::format("has {} characters; at most {} count", line.size(), longest)
            );
            continue;
        }
        take(number, line);
    }
    if (cut) {
        warnings.add(
            number, fmt::format("what is beyond {} bytes is left out", k_rules_file_most_bytes)
        );
    }
}

std::string quoted(std::string_view text)
{
    constexpr std::size_t k_most = 80;
    return fmt::format(
        "`{}{}`", printable_utf8(text.substr(0, k_most)), text.size() > k_most ? "…" : ""
    );
}

}  // namespace libra
