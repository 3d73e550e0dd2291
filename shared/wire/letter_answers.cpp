#include "shared/wire/letter_answers.hpp"

#include "shared/base/base64.hpp"
#include "shared/base/text.hpp"
#include "shared/wire/json_writer.hpp"
#include "shared/wire/optional_members.hpp"

namespace libra {

namespace {

/// The members, without the braces.
void write_members(JsonWriter& json, const LetterAnswer& letter)
{
    json.key("id").number(letter.id).key("state").text(letter.state);
    json.key("class").text(to_string(letter.failure_class));
    json.key("reason").text(letter.reason);
    write_optional(json, "deploymentId", letter.deployment_id);
    write_optional(json, "projectId", letter.project_id);
    write_optional(json, "orgId", letter.org_id);
    json.key("createdAt").text(to_rfc3339(letter.created_at));
    write_optional(json, "resolvedAt", letter.resolved_at);
    write_optional(json, "resolvedBy", letter.resolved_by);
    write_optional(json, "resolution", letter.resolution);
}

void write_message(JsonWriter& json, std::string_view message)
{
    if (JsonDocument::parse(message)) {
        json.key("message").raw(message);
    } else if (is_utf8(message)) {
        json.key("messageText").text(message);
    } else {
        json.key("messageBase64").text(to_base64(message));
    }
}

}  // namespace

std::string encode_letters(const LettersAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("letters").begin_array();
    for (const LetterAnswer& letter : answer.letters) {
        json.begin_object();
        write_members(json, letter);
        json.end_object();
    }
    json.end_array();
    write_optional(json, "nextCursor", answer.next_cursor);
    json.key("timestamp").text(to_rfc3339(answer.timestamp)).end_object();
    return json.take();
}

std::string encode_letter(
    const LetterAnswer& letter,
    std::string_view message,
    const std::vector<AttemptAnswer>& attempts
)
{
    JsonWriter json;
    json.begin_object();
    write_members(json, letter);
    write_message(json, message);
    json.key("attempts").begin_array();
    for (const AttemptAnswer& attempt : attempts) {
        write_attempt(json, attempt);
    }
    json.end_array().end_object();
    return json.take();
}

std::string encode_resolved_letter(
    std::int64_t id,
    std::string_view state,
    std::string_view message,
    UtcTime timestamp
)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true);
    json.key("id").number(id).key("state").text(state).key("message").text(message);
    json.key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

std::string encode_redrive(const RedriveAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true);
    json.key("requeued").number(answer.requeued).key("skipped").number(answer.skipped);
    json.key("more").boolean(answer.more);
    json.key("timestamp").text(to_rfc3339(answer.timestamp)).end_object();
    return json.take();
}

}  // namespace libra
