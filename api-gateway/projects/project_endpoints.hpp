#pragma once

#include "api-gateway/projects/domain_handlers.hpp"
#include "api-gateway/projects/project_changing_handlers.hpp"
#include "api-gateway/projects/project_reading_handlers.hpp"
#include "api-gateway/projects/variable_handlers.hpp"

/// @file Every endpoint of /projects.

namespace libra {

class ProjectEndpoints {
public:
    /// What `parts` refers to must outlive it.
    ProjectEndpoints(const ProjectHandler::Parts& parts, const Log& log);

    /// Valid as long as this object.
    Routes routes();

private:
    ProjectListHandler list_;
    ProjectDetailHandler detail_;
    ProjectCreateHandler create_;
    ProjectChangeHandler change_;
    ProjectDeleteHandler delete_;
    DomainListHandler domains_;
    DomainAddHandler add_domain_;
    DomainRemoveHandler remove_domain_;
    VariableListHandler variables_;
    VariableSetHandler set_variable_;
    VariableRemoveHandler remove_variable_;
};

}  // namespace libra
