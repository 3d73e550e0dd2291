#pragma once

#include "api-gateway/projects/project_handler.hpp"

namespace libra {

/// GET /projects.
class ProjectListHandler final : public ProjectHandler {
public:
    using ProjectHandler::ProjectHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;
};

/// GET /projects/{id}.
class ProjectDetailHandler final : public OneProjectHandler {
public:
    using OneProjectHandler::OneProjectHandler;

protected:
    HttpResponse answer_for(
        const std::string& project_id,
        const HttpRequest& request,
        const Requester& requester
    ) override;
};

}  // namespace libra
