#include "deploy-worker/sandbox/container_runtime.hpp"

#include "deploy-worker/sandbox/crun.hpp"
#include "deploy-worker/sandbox/runsc.hpp"

namespace libra {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const fs::path& root, std::string_view prefix)
{
    std::vector<std::string> found;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator{root, gone}) {
        if (entry.path().filename().string().starts_with(prefix)) {
            found.push_back(entry.path().filename().string());
        }
    }
    return found;
}

std::unique_ptr<const ContainerRuntime>
make_runtime(const LocalSandboxConfig& config, const Cgroups& cgroups, Clock& clock)
{
    if (config.runtime == SandboxRuntime::runsc) {
        return std::make_unique<Runsc>(config.state_directory / "runsc", cgroups, clock);
    }
    return std::make_unique<Crun>(config.state_directory / "crun", cgroups.mount_to_hide(), clock);
}

}  // namespace libra
