#include "shared/wire/webhook_requests.hpp"

#include "shared/domain/webhook_rules.hpp"
#include "shared/wire/schemas.hpp"
#include "shared/wire/text_members.hpp"

#include <algorithm>
#include <utility>

namespace libra {

namespace {

void check_url(const JsonValue& request, Findings& findings)
{
    const FoundMember found = locate(request, "url");
    if (found.value == nullptr || !found.value->IsString()) {
        return;
    }
    if (std::optional<std::string> problem = webhook_url_problem(text_of(*found.value))) {
        findings.add(Place{}.member("url", found.position), *std::move(problem));
    }
}

std::optional<std::vector<std::string>> read_events(const JsonValue& request)
{
    const JsonValue* const list = locate(request, "events").value;
    if (list == nullptr) {
        return std::nullopt;
    }
    std::vector<std::string> events;
    for (const JsonValue& event : list->GetArray()) {
        events.emplace_back(text_of(event));
    }
    std::sort(events.begin(), events.end());
    events.erase(std::unique(events.begin(), events.end()), events.end());
    return events;
}

}  // namespace

std::variant<NewWebhookRequest, Problems, Unreadable> parse_new_webhook(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& root = document->root();
    Findings findings;
    new_webhook_schema().check(root, Place{}, findings);
    check_url(root, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    NewWebhookRequest request{.url = std::string{text_of(root["url"])}};
    request.events = read_events(root).value_or(std::vector<std::string>{
        k_webhook_events.begin(), k_webhook_events.end()});
    return request;
}

std::variant<WebhookChangesRequest, Problems, Unreadable>
parse_webhook_changes(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& root = document->root();
    Findings findings;
    webhook_changes_schema().check(root, Place{}, findings);
    check_url(root, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    WebhookChangesRequest request{.events = read_events(root)};
    if (const JsonValue* const url = locate(root, "url").value) {
        request.url = text_of(*url);
    }
    if (const JsonValue* const active = locate(root, "active").value) {
        request.active = active->GetBool();
    }
    return request;
}

}  // namespace libra
