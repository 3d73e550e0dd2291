#pragma once

#include "shared/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// @file Messages that were decided but not yet confirmed by the broker.

namespace libra {

struct OutboxRow {
    std::int64_t id{};
    std::string exchange{};
    std::string routing_key{};
    std::map<std::string, std::string> headers{};
    std::string payload{};
    bool event{};  // a CloudEvent for whoever listens, and maybe nobody does
};

/// Thread-safe. Each call is one transaction; `unavailable` when the database does not answer.
class OutboxStore {
public:
    virtual ~OutboxStore() = default;

    /// Takes up to `limit` due rows for `hold`, oldest first, passing over rows another relay
    /// holds. A row whose hold ended without `remove` is due again.
    virtual Result<std::vector<OutboxRow>>
    claim(const std::string& token, int limit, std::chrono::seconds hold) = 0;

    /// Deletes confirmed rows still held under `token`; a row that was rescheduled meanwhile stays.
    virtual Result<void> remove(const std::string& token, const std::vector<std::int64_t>& ids) = 0;

    /// Gives rows back, due after `delay`.
    virtual Result<void> release(
        const std::string& token,
        const std::vector<std::int64_t>& ids,
        std::chrono::milliseconds delay
    ) = 0;

    /// How long until the next row is due: zero if one is, nothing if the outbox is empty.
    virtual Result<std::optional<std::chrono::milliseconds>> next_due() = 0;
};

}  // namespace libra
