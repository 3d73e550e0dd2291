#include "api-gateway/files/file_probe_handler.hpp"

#include "api-gateway/files/errors.hpp"

#include <utility>

namespace libra {

FileProbeHandler::FileProbeHandler(const Parts& parts, Log log)
    : FileHandler{parts, "read", std::move(log)}
{
}

HttpResponse FileProbeHandler::answer(const HttpRequest& request, const Principal& caller)
{
    const auto found = address_of(request);
    if (const auto* const refused = std::get_if<HttpResponse>(&found)) {
        return *refused;
    }
    const auto& address = std::get<Address>(found);
    const Result<UploadAccess> access = parts().files.access(caller, address.org_id);
    if (!access) {
        return failed(access.error(), request);
    }
    if (*access == UploadAccess::none) {
        return error(k_file_not_found);
    }
    const Result<std::set<Digest>> uploaded =
        parts().files.uploaded(address.org_id, {address.digest});
    if (!uploaded) {
        return failed(uploaded.error(), request);
    }
    return uploaded->empty() ? error(k_file_not_found) : HttpResponse{.status = 200};
}

}  // namespace libra
