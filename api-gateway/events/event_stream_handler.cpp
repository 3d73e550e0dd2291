#include "api-gateway/events/event_stream_handler.hpp"

#include "api-gateway/events/errors.hpp"
#include "api-gateway/events/event_text.hpp"
#include "shared/domain/rules.hpp"

#include <utility>

namespace libra {

EventStreamHandler::EventStreamHandler(const Parts& parts, Log log)
    : PrincipalHandler{{parts.admissions, parts.clock}, "read", std::move(log)},
      events_{parts.events},
      feed_{parts.feed}
{
}

HttpResponse EventStreamHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const std::string id{request.segment(1)};
    if (id_problem(id)) {
        return error(k_invalid_id, k_invalid_id_in_path);
    }
    const std::optional<std::int64_t> after =
        parse_event_id(request.header("Last-Event-ID").value_or("0"));
    // A service token and the scope `admin` read everywhere.
    const Reader reader{
        .user_id = caller.user_id, .everywhere = caller.service || caller.has_scope("admin")};
    const Result<EventPage> page = events_.events(reader, id, after.value_or(0), 1);
    if (!page) {
        return failed(page.error(), request, k_deployment_not_found);
    }
    if (!after || *after > page->last) {
        return error(k_invalid_last_event_id);
    }
    if (page->finished && page->events.empty()) {
        return {.status = 204};  // tells an EventSource not to come back
    }
    EventFeed::Opened opened = feed_.open(reader, id, *after);
    if (opened.seating == Seating::full) {
        return error(k_too_many_streams);
    }
    if (opened.seating == Seating::user_full) {
        return error(k_too_many_streams_of_user);
    }
    HttpResponse response{.status = 200};
    response.headers.emplace_back("Content-Type", k_event_stream_type);
    // Proxies that gather answers would hold events back.
    response.headers.emplace_back("X-Accel-Buffering", "no");
    response.stream = std::move(opened.stream);
    return response;
}

}  // namespace libra
