#include "api-gateway/files/missing_files_handler.hpp"

#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/json_response.hpp"
#include "shared/wire/upload_bodies.hpp"

#include <utility>

namespace libra {

MissingFilesHandler::MissingFilesHandler(const Parts& parts, Log log)
    : FileHandler{parts, "read", std::move(log)}
{
}

HttpResponse MissingFilesHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const auto parsed = parse_missing_files_request(request.body, parts().most_files);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const auto& wanted = std::get<MissingFilesRequest>(parsed);
    const Result<UploadAccess> access = parts().files.access(caller, wanted.org_id);
    if (!access) {
        return failed(access.error(), request);
    }
    if (*access == UploadAccess::none) {
        return error(k_not_a_member);
    }
    Result<std::set<Digest>> known = parts().files.uploaded(wanted.org_id, wanted.digests);
    if (!known) {
        return failed(known.error(), request);
    }
    std::vector<Digest> missing;
    for (const Digest& digest : wanted.digests) {
        if (known->insert(digest).second) {
            missing.push_back(digest);
        }
    }
    return json_response(200, encode_missing_files(missing, now()));
}

}  // namespace libra
