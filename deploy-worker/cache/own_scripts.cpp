#include "deploy-worker/cache/own_scripts.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace libra {

namespace {

constexpr std::array<std::string_view, 7> k_scripts{
    "preinstall",
    "install",
    "postinstall",
    "prepublish",
    "preprepare",
    "prepare",
    "postprepare",
};

}  // namespace

bool has_install_scripts(const PackageJson& package)
{
    return package.scripts.contains("dependencies") ||
           std::any_of(k_scripts.begin(), k_scripts.end(), [&](std::string_view script) {
               return package.scripts.contains(std::string{script});
           });
}

Result<std::vector<SandboxCommand>> own_scripts(const BuildPlan& plan, const ReadSource& read)
{
    std::vector<SandboxCommand> commands;
    const std::string& directory = plan.install_directory;
    const auto text = read(directory.empty() ? "package.json" : directory + "/package.json");
    if (text.has_error()) {
        return text.error();
    }
    if (!*text || plan.install.empty()) {
        return commands;
    }
    const auto package = parse_package_json(**text);
    if (package.has_error()) {
        return commands;
    }
    for (const std::string_view script : k_scripts) {
        // A manager runs `preinstall` and `postinstall` with an `install` that is asked for.
        const std::string around{
            script.starts_with("pre")    ? script.substr(3)
            : script.starts_with("post") ? script.substr(4)
                                         : std::string_view{}};
        const bool goes_along =
            (around == "install" || around == "prepare") && package->scripts.contains(around);
        if (package->scripts.contains(std::string{script}) && !goes_along) {
            SandboxCommand command = script_command(plan.toolchain, script);
            command.directory = plan.install.front().directory;
            command.path = plan.install.front().path;
            commands.push_back(std::move(command));
        }
    }
    return commands;
}

}  // namespace libra
