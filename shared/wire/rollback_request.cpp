#include "shared/wire/rollback_request.hpp"

#include "shared/wire/schemas.hpp"
#include "shared/wire/text_members.hpp"

#include <utility>

namespace libra {

std::variant<RollbackRequest, Problems, Unreadable> parse_rollback_request(std::string_view body)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    Findings findings;
    rollback_request_schema().check(document->root(), Place{}, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    RollbackRequest request;
    if (const JsonValue* const id = locate(document->root(), "deploymentId").value) {
        request.deployment_id = std::string{text_of(*id)};
    }
    return request;
}

}  // namespace libra
