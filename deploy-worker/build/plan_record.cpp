#include "deploy-worker/build/plan_record.hpp"

#include <string_view>

namespace libra {

namespace {

std::string all_shown(const std::vector<SandboxCommand>& commands)
{
    std::string all;
    for (const SandboxCommand& command : commands) {
        all += (all.empty() ? "" : " && ") + shown(command);
    }
    return all;
}

/// `directory`, which is `root` or lies below it, as seen from there.
std::string seen_from(const std::string& root, const std::string& directory)
{
    if (directory == root) {
        return ".";
    }
    return directory.substr(root.empty() ? 0 : root.size() + 1);
}

BuildRecord decisions_of(const BuildPlan& plan)
{
    BuildRecord record{
        .framework = plan.framework,
        .framework_name = plan.framework_name,
        .root_directory = plan.root_directory,
        .reasons = plan.reasons};
    if (plan.needs_build) {
        record.package_manager = to_string(plan.toolchain.manager);
        record.package_manager_version = plan.toolchain.version;
        record.node_version = plan.toolchain.node;
        record.install_command = all_shown(plan.install);
        record.build_command = all_shown(plan.build);
    }
    return record;
}

}  // namespace

BuildRecord record_of(const BuildPlan& plan, const std::string& output_directory)
{
    BuildRecord record = decisions_of(plan);
    const std::string& directory = plan.needs_build ? output_directory : plan.site_directory;
    if (!plan.needs_build || !directory.empty()) {
        record.output_directory = seen_from(plan.root_directory, directory);
    }
    return record;
}

BuildRecord record_of(const NoPlan& none)
{
    return decisions_of(none.decided);
}

}  // namespace libra
