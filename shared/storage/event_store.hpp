#pragma once

#include "shared/base/result.hpp"
#include "shared/storage/history_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file What happens to a deployment, as one sequence that starts with 1 and has no gaps, the same
/// for whoever reads it.
///
/// Upstream: the gateway's streams. Downstream: PostgreSQL.

namespace libra {

struct DeploymentEvent {
    std::int64_t place{};            // in the sequence
    std::string kind{};              // state, step, log, warning or end
    std::string data_json{};         // an object; empty for a log line
    std::optional<LogEntry> line{};  // of a log line
};

struct EventPage {
    std::vector<DeploymentEvent> events{};
    std::int64_t last{};  // the highest place there is now
    bool finished{};      // the deployment has ended, and nothing comes after these events
};

/// Thread-safe; blocks and fails (`unavailable`) like AdmissionStore.
class EventStore {
public:
    virtual ~EventStore() = default;

    /// What comes after the place `after`, in order, up to `limit`. What is given out survives a
    /// crash of the database, so a place never comes to mean something else. An `end` that was not
    /// the last word, because the deployment was taken up again, is given out as a `state`.
    /// @return `not_found` for a deployment that the reader may not see.
    virtual Result<EventPage> events(
        const Reader& reader,
        const std::string& deployment_id,
        std::int64_t after,
        int limit
    ) = 0;
};

}  // namespace libra
