#pragma once

#include "api-gateway/api/principal_handler.hpp"
#include "shared/base/random.hpp"
#include "shared/base/secret_box.hpp"
#include "shared/domain/site_address.hpp"
#include "shared/storage/domain_registry.hpp"
#include "shared/storage/project_registry.hpp"
#include "shared/storage/variable_registry.hpp"
#include "shared/wire/project_answers.hpp"

#include <string>

/// @file What every endpoint of /projects does: it acts in the organisations of the caller.

namespace libra {

class ProjectHandler : public PrincipalHandler {
public:
    struct Parts {
        AdmissionStore& admissions;
        ProjectRegistry& projects;
        DomainRegistry& domains;
        VariableRegistry& variables;
        Clock& clock;
        Random& random;
        SiteAddress sites{};
        const SecretBox* secrets{};  // null where the platform has no key for them
    };

    /// What `parts` refers to must outlive it. `scope` as for PrincipalHandler.
    ProjectHandler(const Parts& parts, std::string_view scope, Log log);

protected:
    const Parts& parts() const { return parts_; }

    /// A service token and the scope `admin` act in every organisation.
    static Requester requester_of(const HttpRequest& request, const Principal& caller);

    ProjectAnswer to_answer(const ProjectRecord& project) const;

    /// The answer to every verdict but `done`.
    HttpResponse refused(ProjectVerdict verdict) const;

private:
    Parts parts_;
};

/// A ProjectHandler whose path is `/projects/{id}` or goes on from there.
class OneProjectHandler : public ProjectHandler {
public:
    using ProjectHandler::ProjectHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) final;

    virtual HttpResponse answer_for(
        const std::string& project_id,
        const HttpRequest& request,
        const Requester& requester
    ) = 0;
};

}  // namespace libra
