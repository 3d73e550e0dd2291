#pragma once

#include "shared/base/result.hpp"

#include <chrono>
#include <string>

/// @file Names and settings shared by every PostgreSQL store.

namespace libra {

/// Where outbox rows are sent. Source of the names: DESIGN table of the broker's objects.
struct OutboxRoutes {
    std::string exchange{"deployment"};
    std::string routing_key{"deployment-queue"};
    std::string dead_letter_exchange{"deployment.dlx"};
    std::string dead_letter_routing_key{"deployment-dlq"};
};

/// Asks the database whether it is there. Thread-safe.
class DatabaseProbe {
public:
    virtual ~DatabaseProbe() = default;

    /// Blocks for `timeout` at most.
    virtual Result<void> ping(std::chrono::milliseconds timeout) = 0;
};

}  // namespace libra
