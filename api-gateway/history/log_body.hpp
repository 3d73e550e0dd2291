#pragma once

#include "shared/storage/history_store.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

/// @file The log of a deployment as a body, read piece by piece: what is kept in memory is the body
/// and one piece.

namespace libra {

/// After which line a body ends.
struct LogBounds {
    std::optional<std::int64_t> lines{};
    std::optional<std::size_t> bytes{};  // of the lines' text, overstepped by at most one line
};

struct LogEnd {
    std::int64_t last{};  // the sequence of the last line; what `after` was where there is none
    bool finished{};      // see LogPage
};

/// Passes the lines that `from` selects to `take`, in order, until there are none or a bound is
/// reached. @return like HistoryStore::log.
Result<LogEnd> read_log(
    HistoryStore& history,
    const Reader& reader,
    const std::string& deployment_id,
    LogSelection from,
    const LogBounds& bounds,
    const std::function<void(LogEntry&&)>& take
);

}  // namespace libra
