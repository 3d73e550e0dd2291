#pragma once

#include "api-gateway/projects/project_handler.hpp"
#include "shared/wire/variable_requests.hpp"

namespace libra {

/// A OneProjectHandler whose path is `/projects/{id}/env/{name}`.
class OneVariableHandler : public OneProjectHandler {
public:
    using OneProjectHandler::OneProjectHandler;

protected:
    HttpResponse answer_for(
        const std::string& project_id,
        const HttpRequest& request,
        const Requester& requester
    ) final;

    virtual HttpResponse answer_about(
        const std::string& project_id,
        const std::string& name,
        const HttpRequest& request,
        const Requester& requester
    ) = 0;

    /// The answer to every verdict but `done`.
    HttpResponse refused(VariableVerdict verdict) const;
};

/// GET /projects/{id}/env.
class VariableListHandler final : public OneProjectHandler {
public:
    using OneProjectHandler::OneProjectHandler;

protected:
    HttpResponse answer_for(
        const std::string& project_id,
        const HttpRequest& request,
        const Requester& requester
    ) override;
};

/// PUT /projects/{id}/env/{name}.
class VariableSetHandler final : public OneVariableHandler {
public:
    using OneVariableHandler::OneVariableHandler;

protected:
    HttpResponse answer_about(
        const std::string& project_id,
        const std::string& name,
        const HttpRequest& request,
        const Requester& requester
    ) override;

private:
    /// As it is to be stored: a secret sealed.
    NewVariable variable_of(
        const std::string& project_id,
        const std::string& name,
        const VariableRequest& wanted
    ) const;
};

/// DELETE /projects/{id}/env/{name}.
class VariableRemoveHandler final : public OneVariableHandler {
public:
    using OneVariableHandler::OneVariableHandler;

protected:
    HttpResponse answer_about(
        const std::string& project_id,
        const std::string& name,
        const HttpRequest& request,
        const Requester& requester
    ) override;
};

}  // namespace libra
