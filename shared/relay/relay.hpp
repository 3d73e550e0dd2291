#pragma once

#include "shared/base/backoff.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/broker/publisher.hpp"
#include "shared/storage/outbox_store.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

/// @file Carries outbox rows to the broker. Run by both services; any number may run at once.

namespace libra {

struct RelayPolicy {
    int batch{64};
    std::chrono::seconds hold{30};            // longer than one publish can take
    std::chrono::milliseconds idle{1000};     // between looks at an outbox where nothing is due
    std::chrono::milliseconds refused{5000};  // a row the broker refused is tried again after this
};

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
    /// away it tries again with backoff and loses nothing.
    void run(std::stop_token stop);

    /// Carries what is due now, once. @return how many rows were confirmed and removed.
    Result<int> carry_once();

    /// Tells a running relay that a row was just written. Any thread; never blocks.
    void wake();

private:
    OutboxStore& outbox_;
    Publisher& publisher_;
    Clock& clock_;
    Random& random_;
    Log log_;
    RelayPolicy policy_;
    std::string token_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool woken_{false};
};

}  // namespace libra
