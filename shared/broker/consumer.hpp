#pragma once

#include "shared/base/result.hpp"

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <utility>

/// @file Messages on their way from the broker.

namespace libra {

/// One message and the duty to settle it. Move-only; settle it from any thread, at most once.
///
/// A delivery destroyed unsettled goes back to the queue. Settling after the connection was lost
/// does nothing: the broker has already given the message to somebody else. A message that is
/// given back again and again is held for a growing while first, so that a failing dependency does
/// not use up the queue's delivery limit in a moment.
class Delivery {
public:
    enum class Verdict { ack, requeue };

    using Settle = std::function<void(Verdict)>;

    Delivery(
        std::string body,
        std::string message_id,
        bool redelivered,
        Settle settle,
        std::map<std::string, std::string> headers = {}
    )
        : body_{std::move(body)},
          message_id_{std::move(message_id)},
          redelivered_{redelivered},
          headers_{std::move(headers)},
          settle_{std::move(settle)}
    {
    }

    ~Delivery() { settle(Verdict::requeue); }

    Delivery(Delivery&& other) noexcept;
    Delivery& operator=(Delivery&& other) noexcept;
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    const std::string& body() const { return body_; }

    const std::string& message_id() const { return message_id_; }

    bool redelivered() const { return redelivered_; }

    /// Headers whose value is a string; `x-first-death-reason` and `x-first-death-queue` say why
    /// and from where the broker moved a dead letter.
    const std::map<std::string, std::string>& headers() const { return headers_; }

    /// Only after what the message asked for is committed.
    void ack() { settle(Verdict::ack); }

private:
    void settle(Verdict verdict);

    std::string body_;
    std::string message_id_;
    bool redelivered_{};
    std::map<std::string, std::string> headers_;
    Settle settle_;
};

class Consumer {
public:
    virtual ~Consumer() = default;

    /// Consumes one message at a time until `stop` is requested, reconnecting with backoff whenever
    /// the broker is lost. The calling thread becomes the owner of the connection: it keeps the
    /// heartbeats going, so `accept` must return at once (it hands the delivery to another thread).
    /// The next message comes only after the one before is settled.
    ///
    /// On `stop` it stops consuming, waits until an unsettled delivery is settled, and returns.
    virtual void run(const std::function<void(Delivery)>& accept, std::stop_token stop) = 0;

    /// Whether it is connected and consuming. Any thread; never blocks.
    virtual bool healthy() const = 0;
};

}  // namespace libra
