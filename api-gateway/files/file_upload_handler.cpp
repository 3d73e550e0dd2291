#include "api-gateway/files/file_upload_handler.hpp"

#include "api-gateway/api/json_response.hpp"
#include "api-gateway/files/errors.hpp"
#include "shared/wire/upload_bodies.hpp"

#include <utility>

namespace libra {

FileUploadHandler::FileUploadHandler(const Parts& parts, Log log)
    : FileHandler{parts, "deploy", std::move(log)}
{
}

HttpResponse FileUploadHandler::answer(const HttpRequest& request, const Principal& caller)
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
    switch (*access) {
    case UploadAccess::none:
        return error(k_not_a_member);
    case UploadAccess::look:
        return error(k_role_may_not_deploy);
    case UploadAccess::upload:
        break;
    }
    if (request.body.size() > parts().file_bytes) {
        return error(k_file_too_large);
    }
    if (sha256(request.body) != address.digest) {
        return error(k_digest_mismatch);
    }
    return parts().storage_full() ? error(k_storage_full) : store(address, request, caller);
}

HttpResponse FileUploadHandler::store(
    const Address& address,
    const HttpRequest& request,
    const Principal& caller
)
{
    if (const Result<Digest> stored = parts().objects.put(request.body); !stored) {
        return failed(stored.error(), request);
    }
    const std::size_t size = request.body.size();
    const Result<bool> is_new =
        parts().files.record(address.org_id, address.digest, size, caller.user_id);
    if (!is_new) {
        return failed(is_new.error(), request);
    }
    return json_response(*is_new ? 201 : 200, encode_uploaded_file(address.digest, size, now()));
}

}  // namespace libra
