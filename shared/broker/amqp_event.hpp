#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>

/// @file Everything a broker can tell us, copied out of the library's frames.

namespace libra {

struct Delivered {
    std::uint64_t tag{};
    bool redelivered{};
    std::string message_id{};
    std::map<std::string, std::string> headers{};  // those that are strings
    std::string body{};
};

/// The broker took responsibility for what we published, or said that it will not.
struct Confirmed {
    std::uint64_t tag{};
    bool multiple{};  // for every tag up to this one
    bool taken{};
};

/// No queue takes a message we published. Its confirm follows all the same.
struct Returned {
    std::string message_id{};
    std::string reason{};
};

/// The answer to a request that was sent without waiting for it.
struct Answered {
    std::uint32_t method{};   // of the answer, as rabbitmq-c numbers them
    std::int64_t messages{};  // ready in the queue that was asked about
    std::int64_t consumers{};
};

/// The broker will send no more deliveries: the queue was deleted or its node is gone.
struct ConsumerCancelled {};

/// The broker is short of memory or disk and reads no more from connections that publish.
struct Blocked {
    std::string reason{};
};

struct Unblocked {};

/// The broker closed the channel or the connection. Either way the connection is of no more use.
struct Closed {
    bool channel{};
    std::uint16_t code{};
    std::string reason{};
};

using AmqpEvent = std::variant<
    Delivered,
    Confirmed,
    Returned,
    Answered,
    ConsumerCancelled,
    Blocked,
    Unblocked,
    Closed>;

}  // namespace libra
