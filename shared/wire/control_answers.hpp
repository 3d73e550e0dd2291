#pragma once

#include "shared/base/clock.hpp"
#include "shared/domain/deployment.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// @file The JSON bodies of POST /deployments/{id}/cancel and GET /deployments/{id}/queue. Pure
/// functions.

namespace libra {

struct CancelAnswer {
    std::string deployment_id{};
    bool stopping{};  // its worker was told, else it has ended already
    UtcTime timestamp{};
};

std::string encode_cancel(const CancelAnswer& answer);

/// What a deployment waits for.
struct QueueBlock {
    std::string_view reason{};                   // one of the schema's
    std::optional<std::string> deployment_id{};  // that has to end first
    std::optional<UtcTime> retry_at{};
    std::string message{};  // the same for a person
};

struct QueueAnswer {
    std::string deployment_id{};
    DeploymentStatus status{DeploymentStatus::queued};
    // All that follows but the last is written only while it is queued.
    std::int64_t ahead{};
    std::int64_t running{};
    std::int64_t capacity{};
    UtcTime estimated_start{};
    QueueBlock blocked_by{};
    UtcTime timestamp{};
};

std::string encode_queue_place(const QueueAnswer& answer);

}  // namespace libra
