#pragma once

#include "shared/base/backoff.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/broker/publisher.hpp"
#include "shared/storage/outbox_store.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

/// @file Carries outbox rows to the broker. Run by both services; any number may run at once.

namespace libra {

struct RelayPolicy {
    int batch{64};
    std::chrono::seconds hold{30};              // longer than one publish can take
    std::chrono::milliseconds gather{5};        // after a batch that was not full, for the next one
    std::chrono::milliseconds idle{1000};       // between looks at an outbox where nothing is due
    std::chrono::milliseconds refused{5000};    // a row the broker refused is tried again after
    std::chrono::milliseconds unanswered{250};  // a row that could not be sent, likewise
    std::chrono::milliseconds broker_away{100};  // between looks at a broker that is away
    BackoffPolicy trouble{.cap = std::chrono::seconds{5}};  // after an error of database or broker
};

/// Rows since the start.
struct RelayCounts {
    std::uint64_t confirmed{};   // sent and removed
    std::uint64_t refused{};     // the broker took them for no queue, or the queue was full
    std::uint64_t unanswered{};  // not sent, or sent without a confirm
};

/// `run` and `carry_once` belong to one thread; the rest may be called from any.
class Relay {
public:
    /// All arguments must outlive the relay.
    Relay(
        OutboxStore& outbox,
        Publisher& publisher,
        Clock& clock,
        Random& random,
        Log log,
        RelayPolicy policy = {}
    );

    /// Works until `stop` is requested; blocks the calling thread. With the database or the broker
    /// away it tries again with backoff and loses nothing; while the broker is away it takes no
    /// rows.
    void run(const std::stop_token& stop);

    /// Carries what is due now, once. @return how many rows were confirmed and removed;
    /// `unavailable` if the database failed, or if the broker answered for none of the rows.
    Result<int> carry_once();

    /// Tells a running relay that a row was just written. Any thread; never blocks.
    void wake();

    RelayCounts counts() const;

private:
    struct Outcome {
        std::vector<std::int64_t> confirmed{};
        std::vector<std::int64_t> refused{};
        std::vector<std::int64_t> unanswered{};
        std::string reason{};  // of the last row that was not confirmed
    };

    Outcome publish(const std::vector<OutboxRow>& rows);
    Result<void> record(const Outcome& outcome);
    void count(const Outcome& outcome);
    void wait_for_broker(const std::stop_token& stop);
    void recover(const Error& trouble, const std::stop_token& stop);
    void rest(const std::stop_token& stop);
    void pause(std::chrono::milliseconds limit, const std::stop_token& stop);

    OutboxStore& outbox_;
    Publisher& publisher_;
    Clock& clock_;
    Log log_;
    RelayPolicy policy_;
    std::string token_;
    Backoff trouble_pauses_;
    unsigned troubles_{0};
    bool full_{false};  // the last batch was, so more may be due
    std::atomic<std::uint64_t> confirmed_{0};
    std::atomic<std::uint64_t> refused_{0};
    std::atomic<std::uint64_t> unanswered_{0};
    std::mutex mutex_;
    std::stop_source interrupt_{std::nostopstate};  // ends the pause under way
    bool woken_{false};
};

}  // namespace libra
