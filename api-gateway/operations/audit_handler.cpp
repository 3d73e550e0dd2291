#include "api-gateway/operations/audit_handler.hpp"

#include "api-gateway/api/json_response.hpp"
#include "api-gateway/api/query_reader.hpp"
#include "shared/wire/answers.hpp"
#include "shared/wire/operations_answers.hpp"

#include <utility>

namespace libra {

namespace {

std::optional<std::string> parse_word(std::string_view text)
{
    constexpr std::size_t k_longest = 256;
    return text.empty() || text.size() > k_longest ? std::nullopt
                                                   : std::optional{std::string{text}};
}

}  // namespace

AuditHandler::AuditHandler(
    AdmissionStore& admissions,
    OperationsStore& operations,
    Clock& clock,
    Log log
)
    : PrincipalHandler{{admissions, clock}, "read", std::move(log)}, operations_{operations}
{
}

HttpResponse AuditHandler::answer(const HttpRequest& request, const Principal& caller)
{
    constexpr int k_usual_limit = 50;
    constexpr std::string_view k_word{"must have 1 to 256 characters"};
    QueryReader reader{request};
    const AuditFilter filter{
        .org_id = reader.id("orgId"),
        .actor = reader.id("actor"),
        .action = reader.read("action", parse_word, k_word),
        .subject = reader.read("subject", parse_word, k_word),
    };
    const int limit = reader.limit(k_usual_limit);
    const auto before =
        reader.read("cursor", parse_positive, "must be the nextCursor of an earlier answer");
    if (const Problems problems = std::move(reader).finish(); !problems.empty()) {
        return error_response(
            k_validation_failed, now(), k_invalid_query, encode_problems(problems)
        );
    }
    if (!caller.operates_platform() && !filter.org_id) {
        return error(
            k_not_an_operator, "Name your organisation as `orgId`; only operators read all."
        );
    }
    const Requester requester{.user_id = caller.user_id, .everywhere = caller.operates_platform()};
    const Result<AuditPage> page = operations_.audit(requester, filter, before, limit);
    if (!page) {
        return page.error().code == Errc::forbidden
                   ? error(k_role_not_sufficient)
                   : failed(page.error(), request, k_organization_not_found);
    }
    std::vector<AuditEntryAnswer> entries;
    for (const AuditEntry& entry : page->entries) {
        entries.push_back(
            {.id = entry.id,
             .at = entry.at,
             .actor = entry.actor,
             .action = entry.action,
             .subject = entry.subject,
             .org_id = entry.org_id,
             .request_id = entry.request_id,
             .details_json = entry.details_json}
        );
    }
    const auto next = page->next ? std::optional{std::to_string(*page->next)} : std::nullopt;
    return json_response(200, encode_audit(entries, next, now()));
}

}  // namespace libra
