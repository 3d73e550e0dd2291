#include "shared/wire/deploy_request.hpp"

#include "shared/domain/rules.hpp"
#include "shared/wire/params.hpp"
#include "shared/wire/schemas.hpp"
#include "shared/wire/source_manifest.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

namespace libra {

namespace {

void check_count(
    const JsonValue& request,
    std::string_view list,
    std::size_t most,
    Findings& findings
)
{
    const FoundMember found = locate(request, list);
    if (found.value != nullptr && found.value->IsArray() && found.value->Size() > most) {
        findings.add(
            Place{}.member(list, found.position), fmt::format("must have at most {} items", most)
        );
    }
}

void check_sizes(const JsonValue& request, std::size_t most_bytes, Findings& findings)
{
    for_each_text(
        request,
        Place{},
        "initFiles",
        "content",
        [&](std::string_view content, std::size_t /*index*/, const Place& where) {
            if (content.size() > most_bytes) {
                findings.add(where, fmt::format("must have at most {} bytes", most_bytes));
            }
        }
    );
}

/// Edits that the worker could not apply would fail the deployment later, with less to go by.
void check_edits(const JsonValue& request, Findings& findings)
{
    for_each_text(
        request,
        Place{},
        "historyMessages",
        "content",
        [&](std::string_view content, std::size_t index, const Place& where) {
            const JsonValue& message =
                request["historyMessages"][static_cast<rapidjson::SizeType>(index)];
            const JsonValue* const role = locate(message, "role").value;
            if (role == nullptr || !role->IsString() || text_of(*role) != "assistant") {
                return;
            }
            if (const auto edits = decode_edits(content); edits.has_error()) {
                findings.add(where, "has edits that cannot be applied: " + edits.error().detail);
            }
        }
    );
}

/// @return the domain in its ASCII form, empty where there is none that can be used.
std::string
check_domain(const JsonValue& request, const std::string& platform_domain, Findings& findings)
{
    const FoundMember found = locate(request, "customDomain");
    if (found.value == nullptr || !found.value->IsString()) {
        return {};
    }
    HostName host = check_custom_domain(text_of(*found.value), platform_domain);
    if (!host.problem.empty()) {
        findings.add(Place{}.member("customDomain", found.position), std::move(host.problem));
    }
    return std::move(host.ascii);
}

}  // namespace

ParsedRequest parse_deploy_request(std::string_view body, const RequestLimits& limits)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& request = document->root();
    Findings findings;
    deploy_request_schema().check(request, Place{}, findings);
    check_count(request, "initFiles", limits.files, findings);
    check_count(request, "historyMessages", limits.history_messages, findings);
    check_paths(request, Place{}, findings);
    check_sizes(request, limits.file_bytes, findings);
    check_edits(request, findings);
    std::string domain = check_domain(request, limits.platform_domain, findings);
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    DeploymentParams params = read_params(request, Digests::of_uploads);
    if (params.custom_domain) {
        params.custom_domain = std::move(domain);
    }
    return params;
}

std::string encode_params(const DeploymentParams& params)
{
    JsonWriter json;
    write_params(json, params);
    return json.take();
}

}  // namespace libra
