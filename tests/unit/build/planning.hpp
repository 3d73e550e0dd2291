#pragma once

#include "deploy-worker/build/build_plan.hpp"
#include "tests/support/project_tree.hpp"

#include <string>
#include <vector>

namespace libra::testing {

using Files = ProjectTree::Files;
using Strings = std::vector<std::string>;

inline Outcome<BuildPlan> plan_of(const Files& files, const BuildSettings& settings = {})
{
    const ProjectTree tree{files};
    Planned planned = plan_build(tree.manifest, tree.read, settings);
    return planned.has_value() ? Outcome<BuildPlan>{*std::move(planned)} : planned.error().failure;
}

inline Strings shown_all(const std::vector<SandboxCommand>& commands)
{
    Strings lines;
    for (const SandboxCommand& command : commands) {
        lines.push_back(shown(command));
    }
    return lines;
}

/// Tools by name, then the commands.
inline Strings fetched_and_installed(const BuildPlan& plan)
{
    Strings lines;
    for (const Tool& tool : plan.tools) {
        lines.push_back(to_string(tool));
    }
    const Strings commands = shown_all(plan.install);
    lines.insert(lines.end(), commands.begin(), commands.end());
    return lines;
}

inline std::string reasons_of(const BuildPlan& plan)
{
    std::string all;
    for (const std::string& reason : plan.reasons) {
        all += reason + '\n';
    }
    return all;
}

}  // namespace libra::testing
