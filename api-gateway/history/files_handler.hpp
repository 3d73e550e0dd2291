#pragma once

#include "api-gateway/history/history_handler.hpp"
#include "shared/objects/object_store.hpp"

namespace libra {

/// GET /deployments/{id}/files: what the deployment has published, file by file.
class FilesHandler final : public OneDeploymentHandler {
public:
    /// What `parts` refers to and `objects` must outlive it.
    FilesHandler(const Parts& parts, ObjectStore& objects, Log log);

protected:
    HttpResponse
    answer_for(const std::string& deployment_id, const HttpRequest& request, const Reader& reader)
        override;

private:
    ObjectStore& objects_;
};

}  // namespace libra
