#pragma once

#include "shared/base/result.hpp"
#include "shared/broker/amqp_event.hpp"
#include "shared/broker/publisher.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// @file Which message of a batch the broker has answered, and how.

namespace libra {

/// Pure bookkeeping for one connection with confirms on. One thread.
class ConfirmTracker {
public:
    /// Starts a batch; `messages` must stay until `finish`, which comes before the next batch.
    void begin(std::span<const OutgoingMessage> messages);

    /// The next message of the batch is about to be sent, so the broker numbers it.
    void sent();

    void take(const Confirmed& confirmed);

    /// No queue takes the message: its confirm, which follows, does not count as success.
    void take(const Returned& returned);

    /// The broker closed the channel because a message named an exchange that does not exist;
    /// `words` are its own. Those messages are refused; of the others nothing is known.
    void take_missing_exchange(std::string_view words);

    /// Whether every message sent so far is answered.
    bool settled() const { return open_ == 0; }

    /// Ends the batch: what has no answer gets `why`. In the order of the messages. What the
    /// broker says about them afterwards is ignored.
    std::vector<Result<void>> finish(const Error& why);

private:
    enum class State { unsent, open, returned, confirmed, refused };

    struct Entry {
        State state{State::unsent};
        std::string reason{};
    };

    void settle(Entry& entry, bool taken);

    std::span<const OutgoingMessage> messages_;
    std::vector<Entry> entries_;
    std::size_t sent_{0};
    std::size_t open_{0};
    std::uint64_t first_tag_{1};  // of this batch
};

}  // namespace libra
