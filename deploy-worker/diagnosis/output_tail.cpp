#include "deploy-worker/diagnosis/output_tail.hpp"

#include "deploy-worker/diagnosis/line_patterns.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <cstddef>

namespace libra {

namespace {

constexpr std::size_t k_lines = 15;
constexpr std::size_t k_text_bytes = 2048;
constexpr std::size_t k_line_bytes = 400;
constexpr std::string_view k_replacement{"\xEF\xBF\xBD"};

void keep(std::deque<std::string>& lines, std::string_view line)
{
    std::string clean = printable(line.substr(0, k_line_bytes));
    if (clean.find_first_not_of(' ') == std::string::npos || tells_nothing(clean)) {
        return;
    }
    lines.push_back(std::move(clean));
    if (lines.size() > k_lines) {
        lines.pop_front();
    }
}

/// The last of `lines`, as many as make a message.
std::vector<std::string> last_of(const std::deque<std::string>& lines)
{
    std::size_t first = lines.size();
    std::size_t bytes = 0;
    while (first > 0 && bytes + lines[first - 1].size() < k_text_bytes) {
        --first;
        bytes += lines[first].size() + 1;
    }
    return {lines.begin() + static_cast<std::ptrdiff_t>(first), lines.end()};
}

}  // namespace

std::string printable(std::string_view text)
{
    const std::string plain = without_escapes(text);
    std::string_view line = plain;
    std::string clean;
    while (!line.empty()) {
        const auto first = static_cast<unsigned char>(line.front());
        std::size_t used = 1;
        if (first == '\t') {
            clean += "  ";
        } else if (first >= 0x20 && first != 0x7F) {
            const std::size_t length = utf8_length(line);
            clean += length == 0 ? k_replacement : line.substr(0, length);
            used = std::max<std::size_t>(length, 1);
        }
        line.remove_prefix(used);
    }
    return clean;
}

void OutputTail::line(OutputStream stream, std::string_view line)
{
    keep(stream == OutputStream::err ? err_ : out_, line);
    next_.line(stream, line);
}

std::vector<std::string> OutputTail::lines() const
{
    return last_of(err_.empty() ? out_ : err_);
}

}  // namespace libra
