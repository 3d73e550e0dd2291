#include "api-gateway/events/event_endpoints.hpp"

namespace libra {

EventEndpoints::EventEndpoints(const EventStreamHandler::Parts& parts, const Log& log)
    : stream_{parts, log}
{
}

Routes EventEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    return {
        {"GET", "/deployments/{id}/events", on_worker, credential, nothing, &stream_},
    };
}

}  // namespace libra
