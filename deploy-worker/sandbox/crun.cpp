#include "deploy-worker/sandbox/crun.hpp"

#include "deploy-worker/process/run_process.hpp"
#include "deploy-worker/sandbox/host_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string_view>

namespace libra {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds k_patience = 15s;

}  // namespace

Crun::Crun(fs::path root, std::optional<std::string> mount_to_hide, Clock& clock)
    : root_{std::move(root)}, mount_to_hide_{std::move(mount_to_hide)}, clock_{clock}
{
}

std::vector<std::string> Crun::command(const std::vector<std::string>& arguments) const
{
    std::vector<std::string> all;
    if (mount_to_hide_) {
        all = {"unshare", "--mount", "--propagation", "private", "/bin/sh", "-c"};
        all.insert(all.end(), {R"(umount "$0" && exec "$@")", *mount_to_hide_});
    }
    all.insert(all.end(), {"crun", "--cgroup-manager=cgroupfs", "--root", root_.string()});
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
}

BundleDialect Crun::dialect() const
{
    return {.namespaces_entered = false, .recursive_options = true};
}

Result<void>
Crun::start(const SandboxPlace& place, const ContainerValues& /*values*/, int lifeline) const
{
    // The first process keeps these streams for life, so they are a file: a pipe would never end.
    const fs::path log_path = place.directory / "runtime.log";
    const UniqueFd log{
        ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600)};
    if (!log) {
        return Error{Errc::unavailable, errno_text("cannot create " + log_path.string(), errno)};
    }
    Result<ChildProcess> create = ChildProcess::start(
        {.argv = command({"create", "--bundle", place.directory.string(), place.name}),
         .environment = tool_environment()},
        {.input = lifeline, .output = log.native(), .error = log.native()}
    );
    if (!create) {
        return Error{Errc::unavailable, create.error().detail};
    }
    if (!create->ends_within(k_patience) || create->wait() != 0) {
        return Error{Errc::unavailable, "crun create failed: " + read_host_file(log_path)};
    }
    const auto started = require_tool(command({"start", place.name}), clock_, k_patience);
    return started ? Result<void>{} : started.error();
}

std::vector<std::string> Crun::exec_command(
    const SandboxPlace& place,
    const fs::path& process_file,
    const fs::path& log_file
) const
{
    return command(
        {"--log=file:" + log_file.string(), "exec", "--process", process_file.string(), place.name}
    );
}

std::string Crun::exec_problem(const fs::path& log_file) const
{
    return read_host_file(log_file);
}

Result<void> Crun::remove(const SandboxPlace& place) const
{
    std::error_code ignored;
    if (!fs::exists(root_ / place.name, ignored)) {
        return {};
    }
    const auto removed =
        require_tool(command({"delete", "--force", place.name}), clock_, k_patience);
    return removed ? Result<void>{} : removed.error();
}

std::vector<std::string> Crun::names(std::string_view prefix) const
{
    return names_in(root_, prefix);
}

}  // namespace libra
