#include "shared/wire/account_requests.hpp"

#include "shared/wire/schemas.hpp"
#include "shared/wire/text_members.hpp"

#include <utility>

namespace libra {

namespace {

std::optional<int> days_of(const JsonValue& request)
{
    const JsonValue* const days = locate(request, "expiresInDays").value;
    return days == nullptr ? std::nullopt : std::optional{days->GetInt()};
}

}  // namespace

std::variant<NewTokenRequest, Problems, Unreadable> parse_new_token_request(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& root = document->root();
    Findings findings;
    new_token_request_schema().check(root, Place{}, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    NewTokenRequest request{
        .name = std::string{text_of(root["name"])}, .expires_in_days = days_of(root)};
    for (const JsonValue& scope : root["scopes"].GetArray()) {
        request.scopes.emplace_back(text_of(scope));
    }
    if (const JsonValue* const user = locate(root, "userId").value) {
        request.user_id = text_of(*user);
    }
    if (const JsonValue* const service = locate(root, "service").value) {
        request.service = service->GetBool();
    }
    return request;
}

std::variant<NewSessionRequest, Problems, Unreadable>
parse_new_session_request(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& root = document->root();
    Findings findings;
    new_session_request_schema().check(root, Place{}, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    return NewSessionRequest{
        .user_id = std::string{text_of(root["userId"])}, .expires_in_days = days_of(root)};
}

}  // namespace libra
