#pragma once

#include "api-gateway/projects/project_handler.hpp"
#include "shared/wire/project_requests.hpp"

namespace libra {

/// POST /projects.
class ProjectCreateHandler final : public ProjectHandler {
public:
    using ProjectHandler::ProjectHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) override;

private:
    Result<ProjectChange> create(const NewProjectRequest& wanted, const Requester& requester) const;
};

/// PATCH /projects/{id}.
class ProjectChangeHandler final : public OneProjectHandler {
public:
    using OneProjectHandler::OneProjectHandler;

protected:
    HttpResponse answer_for(
        const std::string& project_id,
        const HttpRequest& request,
        const Requester& requester
    ) override;
};

/// DELETE /projects/{id}.
class ProjectDeleteHandler final : public OneProjectHandler {
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
