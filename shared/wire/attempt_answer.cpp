#include "shared/wire/attempt_answer.hpp"

#include "shared/wire/json_writer.hpp"
#include "shared/wire/optional_members.hpp"

namespace libra {

void write_attempt(JsonWriter& json, const AttemptAnswer& attempt)
{
    json.begin_object().key("number").number(attempt.number);
    json.key("worker").text(attempt.worker);
    json.key("startedAt").text(to_rfc3339(attempt.started_at));
    write_optional(json, "endedAt", attempt.ended_at);
    write_optional(json, "outcome", attempt.outcome);
    write_optional(json, "step", attempt.step);
    write_optional(json, "class", attempt.failure_class);
    write_optional(json, "errorCode", attempt.error_code);
    write_optional(json, "error", attempt.error);
    json.end_object();
}

}  // namespace libra
