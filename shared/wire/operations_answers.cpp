#include "shared/wire/operations_answers.hpp"

#include "shared/wire/json_writer.hpp"
#include "shared/wire/optional_members.hpp"

#include <fmt/format.h>

namespace libra {

std::string encode_queue_overview(const QueueOverviewAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("depth").number(answer.depth).key("ready").number(answer.ready);
    json.key("held").number(answer.held).key("retrying").number(answer.retrying);
    json.key("inFlight").number(answer.in_flight).key("capacity").number(answer.capacity);
    json.key("unsent").number(answer.unsent);
    write_optional(json, "messages", answer.messages);
    write_optional(json, "consumers", answer.consumers);
    json.key("oldestAgeMs").number(answer.oldest_age.count());
    json.key("completedPerMinute").raw(fmt::format("{:.2f}", answer.completed_per_minute));
    json.key("estimatedWaitMs").number(answer.estimated_wait.count());
    json.key("timestamp").text(to_rfc3339(answer.timestamp)).end_object();
    return json.take();
}

std::string encode_audit(
    const std::vector<AuditEntryAnswer>& entries,
    const std::optional<std::string>& next_cursor,
    UtcTime timestamp
)
{
    JsonWriter json;
    json.begin_object().key("entries").begin_array();
    for (const AuditEntryAnswer& entry : entries) {
        json.begin_object().key("id").number(entry.id).key("at").text(to_rfc3339(entry.at));
        json.key("actor").text(entry.actor).key("action").text(entry.action);
        json.key("subject").text(entry.subject);
        write_optional(json, "orgId", entry.org_id);
        json.key("requestId").text(entry.request_id);
        json.key("details").raw(entry.details_json).end_object();
    }
    json.end_array();
    write_optional(json, "nextCursor", next_cursor);
    json.key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

}  // namespace libra
