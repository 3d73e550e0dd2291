#include "api-gateway/projects/project_endpoints.hpp"

namespace libra {

ProjectEndpoints::ProjectEndpoints(const ProjectHandler::Parts& parts, const Log& log)
    : list_{parts, "read", log},
      detail_{parts, "read", log},
      create_{parts, "deploy", log},
      change_{parts, "deploy", log},
      delete_{parts, "deploy", log},
      domains_{parts, "read", log},
      add_domain_{parts, "deploy", log},
      remove_domain_{parts, "deploy", log},
      variables_{parts, "read", log},
      set_variable_{parts, "deploy", log},
      remove_variable_{parts, "deploy", log}
{
}

Routes ProjectEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"GET",    "/projects",                         on_worker, credential, nothing, &list_},
        {"POST",   "/projects",                         on_worker, credential, json,    &create_},
        {"GET",    "/projects/{id}",                    on_worker, credential, nothing, &detail_},
        {"PATCH",  "/projects/{id}",                    on_worker, credential, json,    &change_},
        {"DELETE", "/projects/{id}",                    on_worker, credential, nothing, &delete_},
        {"GET",    "/projects/{id}/domains",            on_worker, credential, nothing, &domains_},
        {"POST",   "/projects/{id}/domains",            on_worker, credential, json,    &add_domain_},
        {"DELETE", "/projects/{id}/domains/{hostname}", on_worker, credential, nothing, &remove_domain_},
        {"GET",    "/projects/{id}/env",                on_worker, credential, nothing, &variables_},
        {"PUT",    "/projects/{id}/env/{name}",         on_worker, credential, json,    &set_variable_},
        {"DELETE", "/projects/{id}/env/{name}",         on_worker, credential, nothing, &remove_variable_},
    };
    // clang-format on
}

}  // namespace libra
