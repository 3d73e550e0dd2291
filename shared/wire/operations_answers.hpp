#pragma once

#include "shared/base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file The JSON bodies of GET /queue and GET /audit. Pure functions.

namespace libra {

struct QueueOverviewAnswer {
    std::int64_t depth{};
    std::int64_t ready{};
    std::int64_t held{};
    std::int64_t retrying{};
    std::int64_t in_flight{};
    std::int64_t capacity{};
    std::int64_t unsent{};
    std::optional<std::int64_t> messages{};   // nothing while the broker does not say
    std::optional<std::int64_t> consumers{};  // the same
    std::chrono::milliseconds oldest_age{};
    double completed_per_minute{};
    std::chrono::milliseconds estimated_wait{};
    UtcTime timestamp{};
};

std::string encode_queue_overview(const QueueOverviewAnswer& answer);

struct AuditEntryAnswer {
    std::int64_t id{};
    UtcTime at{};
    std::string actor{};
    std::string action{};
    std::string subject{};
    std::optional<std::string> org_id{};
    std::string request_id{};
    std::string details_json{};  // an object
};

std::string encode_audit(
    const std::vector<AuditEntryAnswer>& entries,
    const std::optional<std::string>& next_cursor,
    UtcTime timestamp
);

}  // namespace libra
