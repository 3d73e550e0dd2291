#include "api-gateway/history/log_body.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace libra {

Result<LogEnd> read_log(
    HistoryStore& history,
    const Reader& reader,
    const std::string& deployment_id,
    LogSelection from,
    const LogBounds& bounds,
    const std::function<void(LogEntry&&)>& take
)
{
    constexpr std::int64_t k_piece = 1000;
    std::int64_t lines_left = bounds.lines.value_or(std::numeric_limits<std::int64_t>::max());
    const std::size_t most_bytes = bounds.bytes.value_or(std::numeric_limits<std::size_t>::max());
    std::size_t bytes = 0;
    while (true) {
        from.limit = static_cast<int>(std::min(lines_left, k_piece));
        Result<LogPage> page = history.log(reader, deployment_id, from);
        if (page.has_error()) {
            return page.error();
        }
        const bool last_piece = std::cmp_less(page->lines.size(), from.limit);
        for (LogEntry& entry : page->lines) {
            if (bytes >= most_bytes) {
                return LogEnd{.last = from.after, .finished = false};
            }
            bytes += entry.line.size();
            from.after = entry.seq;
            --lines_left;
            take(std::move(entry));
        }
        if (last_piece || page->finished || lines_left == 0) {
            return LogEnd{.last = from.after, .finished = page->finished};
        }
    }
}

}  // namespace libra
