#pragma once

#include "api-gateway/projects/project_handler.hpp"

namespace libra {

/// GET /projects/{id}/domains.
class DomainListHandler final : public OneProjectHandler {
public:
    using OneProjectHandler::OneProjectHandler;

protected:
    HttpResponse answer_for(
        const std::string& project_id,
        const HttpRequest& request,
        const Requester& requester
    ) override;
};

/// POST /projects/{id}/domains.
class DomainAddHandler final : public OneProjectHandler {
public:
    using OneProjectHandler::OneProjectHandler;

protected:
    HttpResponse answer_for(
        const std::string& project_id,
        const HttpRequest& request,
        const Requester& requester
    ) override;

private:
    HttpResponse outcome(const DomainAddition& addition) const;
};

/// DELETE /projects/{id}/domains/{hostname}.
class DomainRemoveHandler final : public OneProjectHandler {
public:
    using OneProjectHandler::OneProjectHandler;

protected:
    HttpResponse answer_for(
        const std::string& project_id,
        const HttpRequest& request,
        const Requester& requester
    ) override;

private:
    HttpResponse outcome(RemoveVerdict verdict, const std::string& hostname) const;
};

}  // namespace libra
