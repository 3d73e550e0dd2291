#pragma once

#include "api-gateway/events/event_stream_handler.hpp"

/// @file Every endpoint that tells of what happens while it happens.

namespace libra {

class EventEndpoints {
public:
    /// What `parts` refers to must outlive it.
    EventEndpoints(const EventStreamHandler::Parts& parts, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    EventStreamHandler stream_;
};

}  // namespace libra
