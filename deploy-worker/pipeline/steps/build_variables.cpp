#include "deploy-worker/pipeline/steps/build_variables.hpp"

#include "deploy-worker/masking/secret_forms.hpp"
#include "shared/domain/variable_rules.hpp"

#include <utility>

namespace libra {

namespace {

Result<std::string>
value_of(const StoredVariable& variable, const SecretBox* box, const std::string& project_id)
{
    if (!variable.secret) {
        return variable.value;
    }
    if (box == nullptr) {
        return Error{
            Errc::unavailable, "SECRETS_KEY is not set, and " + variable.name + " is a secret"};
    }
    Result<std::string> value =
        box->open(variable.value, variable_binding(project_id, variable.name));
    if (value.has_error()) {
        return Error{value.error().code, variable.name + " " + value.error().detail};
    }
    return value;
}

}  // namespace

Outcome<BuildEnvironment> build_variables(const SecretBox* box, const Job& job, LineSink& output)
{
    constexpr std::string_view k_what{"the reading of the project's variables"};
    BuildEnvironment environment;
    std::vector<std::string> secrets;
    std::string names;
    for (const StoredVariable& variable : job.variables) {
        Result<std::string> value = value_of(variable, box, job.claim.project_id);
        if (value.has_error()) {
            return transient_failure(k_what, value.error());
        }
        names += (names.empty() ? "" : ", ") + variable.name;
        environment.variables.push_back(variable.name + '=' + *value);
        if (variable.secret) {
            secrets.push_back(*std::move(value));
        }
    }
    if (!names.empty()) {
        output.line(OutputStream::out, "Variables of the project: " + names);
    }
    environment.secrets = patterns_of(secrets);
    return environment;
}

}  // namespace libra
