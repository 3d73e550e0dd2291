#include "shared/wire/letter_requests.hpp"

#include "shared/wire/schemas.hpp"
#include "shared/wire/text_members.hpp"

#include <utility>

namespace libra {

namespace {

std::optional<std::string> text_member(const JsonValue& object, std::string_view name)
{
    const JsonValue* const text = locate(object, name).value;
    return text == nullptr ? std::nullopt : std::optional{std::string{text_of(*text)}};
}

}  // namespace

std::variant<RedriveRequest, Problems, Unreadable> parse_redrive_request(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    Findings findings;
    redrive_request_schema().check(document->root(), Place{}, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    RedriveRequest request{
        .project_id = text_member(document->root(), "projectId"),
        .org_id = text_member(document->root(), "orgId"),
    };
    if (const auto word = text_member(document->root(), "class")) {
        request.failure_class = parse_failure_class(*word);
    }
    return request;
}

std::variant<DiscardRequest, Problems, Unreadable> parse_discard_request(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    Findings findings;
    discard_request_schema().check(document->root(), Place{}, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    return DiscardRequest{.reason = std::string{text_of(document->root()["reason"])}};
}

}  // namespace libra
