#include "shared/wire/account_answers.hpp"

#include "shared/wire/json_writer.hpp"

namespace libra {

namespace {

void write_optional(JsonWriter& json, std::string_view key, const std::optional<UtcTime>& value)
{
    if (value) {
        json.key(key).text(to_rfc3339(*value));
    }
}

void write_texts(JsonWriter& json, const std::vector<std::string>& texts)
{
    json.begin_array();
    for (const std::string& text : texts) {
        json.text(text);
    }
    json.end_array();
}

/// The members, without the braces.
void write_members(JsonWriter& json, const TokenAnswer& token)
{
    json.key("tokenId").text(token.id).key("name").text(token.name);
    json.key("userId").text(token.user_id).key("service").boolean(token.service);
    json.key("scopes");
    write_texts(json, token.scopes);
    json.key("createdAt").text(to_rfc3339(token.created_at));
    write_optional(json, "expiresAt", token.expires_at);
    write_optional(json, "lastUsedAt", token.last_used_at);
}

void write_members(JsonWriter& json, const SessionAnswer& session)
{
    json.key("sessionId").text(session.id).key("userId").text(session.user_id);
    json.key("createdAt").text(to_rfc3339(session.created_at));
    json.key("expiresAt").text(to_rfc3339(session.expires_at));
}

template <class Item>
std::string encode_page(
    std::string_view name,
    const std::vector<Item>& items,
    const std::optional<std::string>& next_cursor,
    UtcTime timestamp
)
{
    JsonWriter json;
    json.begin_object().key(name).begin_array();
    for (const Item& item : items) {
        json.begin_object();
        write_members(json, item);
        json.end_object();
    }
    json.end_array();
    if (next_cursor) {
        json.key("nextCursor").text(*next_cursor);
    }
    json.key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

template <class Item>
std::string encode_new(const Item& item, const Secret& secret, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true).key("token").text(secret.reveal());
    write_members(json, item);
    json.key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

std::string encode_ended(
    std::string_view id_name,
    const std::string& id,
    std::string_view message,
    UtcTime timestamp
)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true).key(id_name).text(id);
    json.key("message").text(message).key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

}  // namespace

std::string encode_me(const MeAnswer& answer)
{
    JsonWriter json;
    json.begin_object().key("userId").text(answer.user_id);
    json.key("service").boolean(answer.service).key("scopes");
    write_texts(json, answer.scopes);
    json.key("organizations").begin_array();
    for (const MembershipAnswer& membership : answer.organizations) {
        json.begin_object().key("orgId").text(membership.org_id);
        json.key("name").text(membership.name).key("role").text(membership.role).end_object();
    }
    json.end_array().key("timestamp").text(to_rfc3339(answer.timestamp)).end_object();
    return json.take();
}

std::string encode_tokens(
    const std::vector<TokenAnswer>& tokens,
    const std::optional<std::string>& next_cursor,
    UtcTime timestamp
)
{
    return encode_page("tokens", tokens, next_cursor, timestamp);
}

std::string encode_new_token(const TokenAnswer& token, const Secret& secret, UtcTime timestamp)
{
    return encode_new(token, secret, timestamp);
}

std::string encode_revoked_token(const std::string& id, UtcTime timestamp)
{
    return encode_ended("tokenId", id, "The token is revoked.", timestamp);
}

std::string encode_sessions(
    const std::vector<SessionAnswer>& sessions,
    const std::optional<std::string>& next_cursor,
    UtcTime timestamp
)
{
    return encode_page("sessions", sessions, next_cursor, timestamp);
}

std::string
encode_new_session(const SessionAnswer& session, const Secret& secret, UtcTime timestamp)
{
    return encode_new(session, secret, timestamp);
}

std::string encode_ended_session(const std::string& id, UtcTime timestamp)
{
    return encode_ended("sessionId", id, "The session is over.", timestamp);
}

}  // namespace libra
