#include "cli/command_context.hpp"

#include "cli/command_failed.hpp"
#include "shared/wire/text_members.hpp"

namespace libra {

const std::string& CommandContext::org() const
{
    if (!settings.org_id) {
        throw CommandFailed{
            ExitCode::usage,
            "It is not known which organisation is meant.",
            "Name it with --org or LIBRA_ORG; `libra login` keeps one."};
    }
    return *settings.org_id;
}

const std::string& CommandContext::project() const
{
    if (!settings.project_id) {
        throw CommandFailed{
            ExitCode::usage,
            "It is not known which project is meant.",
            "Name it with --project or LIBRA_PROJECT, or go into a folder that was deployed "
            "before; `libra projects` lists them."};
    }
    return *settings.project_id;
}

std::string CommandContext::newest_deployment() const
{
    const ApiAnswer answer =
        api.get("/deployments?limit=1&projectId=" + percent_encoded(project()));
    const JsonValue* const list = locate(answer.json.root(), "deployments").value;
    if (list == nullptr || !list->IsArray() || list->Empty()) {
        throw CommandFailed{
            ExitCode::usage,
            "The project has no deployment yet.",
            "`libra deploy` makes the first one."};
    }
    return shown((*list)[0], "deploymentId");
}

bool shown_as_json(const CommandContext& context, const ApiAnswer& answer)
{
    if (context.json) {
        context.terminal.result(answer.text);
    }
    return context.json;
}

}  // namespace libra
