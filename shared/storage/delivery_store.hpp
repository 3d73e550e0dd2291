#pragma once

#include "shared/base/result.hpp"
#include "shared/base/trace_context.hpp"

#include <chrono>
#include <optional>
#include <string>

/// @file Messages to webhooks on their way out.
///
/// Upstream: the worker's webhook senders. Downstream: PostgreSQL, whose trigger `tell` makes them.

namespace libra {

struct ClaimedDelivery {
    std::string org_id{};
    std::string id{};  // of the message, the same for every try
    std::string webhook_id{};
    std::string url{};
    std::string payload{};
    int tries{};           // earlier ones, since it was last begun anew
    TraceContext trace{};  // of the deployment it tells of; empty for a test
};

struct DeliveryOutcome {
    std::chrono::milliseconds duration{};
    std::optional<int> status_code{};                     // if the receiver answered
    std::string error{};                                  // empty for a delivery
    std::optional<std::chrono::milliseconds> retry_in{};  // nothing: no more tries
    bool gone{};  // the receiver wants no more messages; the webhook is switched off
};

/// Whose deliveries a sender takes: a slow organisation's last receiver took more than two seconds.
enum class Lanes { all, quick };

/// Thread-safe. Each call is one transaction; `unavailable` when the database does not answer.
class DeliveryStore {
public:
    virtual ~DeliveryStore() = default;

    /// Takes what is due in the organisation that has waited longest for its turn, and holds all
    /// of the organisation's deliveries until `record` or the end of `hold`.
    virtual Result<std::optional<ClaimedDelivery>>
    claim(const std::string& token, std::chrono::seconds hold, Lanes lanes) = 0;

    /// @return `not_found` if the hold ended and somebody else goes on with the organisation.
    virtual Result<void> record(
        const std::string& token,
        const ClaimedDelivery& delivery,
        const DeliveryOutcome& outcome
    ) = 0;

    /// Deletes some of the messages older than `age`, whatever became of them.
    /// @return how many.
    virtual Result<int> prune(std::chrono::hours age) = 0;
};

}  // namespace libra
