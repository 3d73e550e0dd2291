#pragma once

#include "api-gateway/api/principal_handler.hpp"
#include "api-gateway/events/event_feed.hpp"

namespace libra {

/// GET /deployments/{id}/events.
class EventStreamHandler final : public PrincipalHandler {
public:
    struct Parts {
        AdmissionStore& admissions;
        EventStore& events;
        EventFeed& feed;
        Clock& clock;
    };

    /// What `parts` refers to must outlive it.
    EventStreamHandler(const Parts& parts, Log log);

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;

private:
    EventStore& events_;
    EventFeed& feed_;
};

}  // namespace libra
