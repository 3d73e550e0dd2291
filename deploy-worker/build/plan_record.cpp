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

}  // namespace

BuildRecord record_of(const BuildPlan& plan, const std::string& output_directory)
{
    BuildRecord record{
        .framework = plan.framework,
        .framework_name = plan.framework_name,
        .root_directory = plan.root_directory,
        .reasons = plan.reasons};
    if (!plan.needs_build) {
        record.output_directory = seen_from(plan.root_directory, plan.site_directory);
        return record;
    }
    record.package_manager = to_string(plan.toolchain.manager);
    record.package_manager_version = plan.toolchain.version;
    record.node_version = plan.toolchain.node;
    record.install_command = all_shown(plan.install);
    record.build_command = all_shown(plan.build);
    if (!output_directory.empty()) {
        record.output_directory = seen_from(plan.root_directory, output_directory);
    }
    return record;
}

}  // namespace libra
