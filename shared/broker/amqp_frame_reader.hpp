#pragma once

#include "shared/broker/amqp_event.hpp"

#include <cstdint>
#include <optional>

/// @file Turns frames into events: the one place that knows which frames belong together.

struct amqp_frame_t_;
struct amqp_method_t_;

namespace libra {

/// One connection, one thread. Copies all it needs, so a frame's memory may be released after each
/// call.
class AmqpFrameReader {
public:
    /// @return the event that `frame` completes, if it completes one.
    std::optional<AmqpEvent> take(const amqp_frame_t_& frame);

private:
    std::optional<AmqpEvent> take_method(const amqp_method_t_& method);
    std::optional<AmqpEvent> take_header(const amqp_frame_t_& frame);
    std::optional<AmqpEvent> take_body(const amqp_frame_t_& frame);
    std::optional<AmqpEvent> complete();

    std::optional<AmqpEvent> content_{};  // a Delivered or Returned whose content is on its way
    std::uint64_t missing_bytes_{0};
};

}  // namespace libra
