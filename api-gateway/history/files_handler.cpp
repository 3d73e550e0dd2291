#include "api-gateway/history/files_handler.hpp"

#include "api-gateway/api/json_response.hpp"
#include "api-gateway/api/query_reader.hpp"
#include "api-gateway/history/deployment_answer.hpp"
#include "api-gateway/history/errors.hpp"
#include "shared/wire/answers.hpp"
#include "shared/wire/site_manifest.hpp"

#include <algorithm>
#include <utility>

namespace libra {

namespace {

std::optional<std::string> parse_path(std::string_view text)
{
    return text.empty() ? std::nullopt : std::optional{std::string{text}};
}

Result<SiteManifest> read_manifest(ObjectStore& objects, const Digest& digest)
{
    const Result<std::string> json = objects.get(digest);
    return json ? decode_site_manifest(*json) : Result<SiteManifest>{json.error()};
}

}  // namespace

FilesHandler::FilesHandler(const Parts& parts, ObjectStore& objects, Log log)
    : OneDeploymentHandler{parts, std::move(log)}, objects_{objects}
{
}

HttpResponse FilesHandler::answer_for(
    const std::string& deployment_id,
    const HttpRequest& request,
    const Reader& reader
)
{
    QueryReader query{request};
    const int limit = query.limit(QueryReader::k_highest_limit);
    const auto after =
        query.read("cursor", parse_path, "must be the nextCursor of an earlier answer");
    if (const Problems problems = std::move(query).finish(); !problems.empty()) {
        return error_response(
            k_validation_failed, now(), k_invalid_query, encode_problems(problems)
        );
    }
    const Result<DeploymentHistory> deployment = history().find(reader, deployment_id);
    if (!deployment) {
        return failed(deployment.error(), request, k_deployment_not_found);
    }
    if (!deployment->artifact || !deployment->artifact->manifest) {
        return error(k_files_not_listed);
    }
    const Result<SiteManifest> manifest = read_manifest(objects_, *deployment->artifact->manifest);
    if (!manifest) {
        return failed(manifest.error(), request, k_files_not_listed);
    }
    const auto begin = std::upper_bound(
        manifest->begin(),
        manifest->end(),
        after.value_or(""),
        [](const std::string& path, const SiteManifestFile& file) { return path < file.path; }
    );
    const auto end = begin + std::min<std::ptrdiff_t>(limit, manifest->end() - begin);
    DeploymentFilesAnswer answer{
        .deployment_id = deployment_id,
        .artifact = to_answer(*deployment->artifact),
        .files = {begin, end},
        .timestamp = now()};
    if (end != manifest->end()) {
        answer.next_cursor = answer.files.back().path;
    }
    return json_response(200, encode_deployment_files(answer));
}

}  // namespace libra
