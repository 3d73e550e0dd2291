#include "api-gateway/projects/variable_handlers.hpp"

#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/projects/errors.hpp"
#include "shared/domain/variable_rules.hpp"
#include "shared/wire/variable_answers.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace libra {

HttpResponse OneVariableHandler::answer_for(
    const std::string& project_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const std::string name{request.segment(3)};
    if (const std::optional<std::string> problem = variable_name_problem(name)) {
        return error(
            k_invalid_variable_name, fmt::format("The variable's name in the path {}.", *problem)
        );
    }
    return answer_about(project_id, name, request, requester);
}

HttpResponse OneVariableHandler::refused(VariableVerdict verdict) const
{
    switch (verdict) {
    case VariableVerdict::done:
        break;
    case VariableVerdict::absent:
        return error(k_variable_not_found);
    case VariableVerdict::too_many:
        return error(k_too_many_variables);
    case VariableVerdict::too_large:
        return error(k_variables_too_large);
    case VariableVerdict::project_not_found:
        return error(k_project_not_found);
    case VariableVerdict::role_not_sufficient:
        return error(k_role_not_sufficient);
    }
    throw std::logic_error{"what was done is not refused"};
}

HttpResponse VariableListHandler::answer_for(
    const std::string& project_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto found = parts().variables.list(requester, project_id);
    if (!found) {
        return failed(found.error(), request, k_project_not_found);
    }
    std::vector<VariableAnswer> variables;
    for (const VariableRecord& variable : *found) {
        variables.push_back(
            {.name = variable.name,
             .value = variable.value,
             .secret = variable.secret,
             .updated_at = variable.updated_at}
        );
    }
    return json_response(200, encode_variables(variables, now()));
}

HttpResponse VariableSetHandler::answer_about(
    const std::string& project_id,
    const std::string& name,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto parsed = parse_variable(request.body);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const auto& wanted = std::get<VariableRequest>(parsed);
    if (wanted.secret && parts().secrets == nullptr) {
        return error(k_secrets_unavailable);
    }
    const Result<VariableChange> change =
        parts().variables.set(requester, project_id, variable_of(project_id, name, wanted));
    if (!change) {
        return failed(change.error(), request);
    }
    if (change->verdict != VariableVerdict::done) {
        return refused(change->verdict);
    }
    VariableAnswer answer{.name = name, .secret = wanted.secret, .updated_at = change->updated_at};
    if (!wanted.secret) {
        answer.value = wanted.value;
    }
    return json_response(200, encode_set_variable(answer, now()));
}

NewVariable VariableSetHandler::variable_of(
    const std::string& project_id,
    const std::string& name,
    const VariableRequest& wanted
) const
{
    NewVariable variable{
        .name = name, .value = wanted.value, .secret = wanted.secret, .bytes = wanted.value.size()};
    if (wanted.secret) {
        variable.value =
            parts().secrets->seal(wanted.value, variable_binding(project_id, name), parts().random);
    }
    return variable;
}

HttpResponse VariableRemoveHandler::answer_about(
    const std::string& project_id,
    const std::string& name,
    const HttpRequest& request,
    const Requester& requester
)
{
    const Result<VariableVerdict> verdict = parts().variables.remove(requester, project_id, name);
    if (!verdict) {
        return failed(verdict.error(), request);
    }
    if (*verdict != VariableVerdict::done) {
        return refused(*verdict);
    }
    return json_response(
        200, encode_removed_variable(name, "The next build will not have the variable.", now())
    );
}

}  // namespace libra
