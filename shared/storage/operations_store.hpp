#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/requester.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file What those who run the platform look at: the queue as a whole, and who did what.
///
/// Upstream: the gateway's /queue, /audit and /metrics. Downstream: PostgreSQL.

namespace libra {

struct QueueOverview {
    std::int64_t waiting{};
    std::int64_t ready{};     // of these, could start now
    std::int64_t held{};      // wait for another deployment of their project
    std::int64_t retrying{};  // wait for their next attempt
    std::int64_t running{};
    std::int64_t capacity{};  // how many can run at once; 0 before a worker ever ran
    std::int64_t unsent{};    // messages that wait for the broker
    std::optional<UtcTime> oldest_at{};
    std::int64_t completed{};  // in the last quarter of an hour
    std::chrono::milliseconds estimated_wait{};
};

/// What is left to do, for those who watch the platform; cheap to ask for again and again.
struct BacklogReading {
    std::int64_t unsent{};                      // messages that wait for the broker and are due
    std::chrono::milliseconds unsent_oldest{};  // for how long the oldest of them has been due
    std::int64_t queued{};                      // deployments
    std::chrono::milliseconds queued_oldest{};  // age of the oldest that could run
    std::int64_t in_progress{};                 //
    std::int64_t open_letters{};                // dead letters that nobody has dealt with
};

struct AuditEntry {
    std::int64_t id{};
    UtcTime at{};
    std::string actor{};
    std::string action{};  // `project.create` and so on
    std::string subject{};
    std::optional<std::string> org_id{};
    std::string request_id{};
    std::string details_json{};  // an object
};

/// Every part that is set has to match.
struct AuditFilter {
    std::optional<std::string> org_id{};
    std::optional<std::string> actor{};
    std::optional<std::string> action{};
    std::optional<std::string> subject{};
};

struct AuditPage {
    std::vector<AuditEntry> entries{};   // newest first
    std::optional<std::int64_t> next{};  // `before` of the next page
};

/// Thread-safe; each call is one transaction; `unavailable` when the database does not answer.
class OperationsStore {
public:
    virtual ~OperationsStore() = default;

    virtual Result<QueueOverview> queue() = 0;

    virtual Result<BacklogReading> backlog() = 0;

    /// For one who acts everywhere all entries, for owners and admins those of their organisation,
    /// which the filter then has to name.
    /// @return `not_found` for an organisation the requester is no member of, `forbidden` where its
    /// role does not allow this.
    virtual Result<AuditPage> audit(
        const Requester& requester,
        const AuditFilter& filter,
        std::optional<std::int64_t> before,
        int limit
    ) = 0;
};

}  // namespace libra
