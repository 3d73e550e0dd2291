#pragma once

#include "api-gateway/history/history_handler.hpp"
#include "api-gateway/history/log_query.hpp"

namespace libra {

/// GET /deployments/{id}/logs: as JSON in pieces, or, where the client prefers `text/plain` or
/// `application/x-ndjson`, all of it unless it sets a limit.
class LogHandler final : public OneDeploymentHandler {
public:
    using OneDeploymentHandler::OneDeploymentHandler;

protected:
    HttpResponse
    answer_for(const std::string& deployment_id, const HttpRequest& request, const Reader& reader)
        override;

private:
    HttpResponse json(
        const std::string& id,
        const LogQuery& query,
        const HttpRequest& request,
        const Reader& reader
    );
    HttpResponse lines(
        const std::string& id,
        const LogQuery& query,
        const HttpRequest& request,
        const Reader& reader,
        std::string_view media_type
    );
};

}  // namespace libra
