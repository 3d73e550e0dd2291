#include "deploy-worker/cache/host_toolchain.hpp"

#include "deploy-worker/process/program_path.hpp"
#include "deploy-worker/process/run_process.hpp"

#include <filesystem>
#include <mutex>
#include <sys/stat.h>
#include <sys/utsname.h>

namespace libra {

namespace {

using namespace std::chrono_literals;

/// Changes when the program is replaced.
std::string identity(const char* name)
{
    struct stat info {};

    const auto path = program_path(name);
    if (!path || ::stat(path->c_str(), &info) != 0) {
        return {};
    }
    return std::to_string(info.st_ino) + ' ' + std::to_string(info.st_mtim.tv_sec) + ' ' +
           std::to_string(info.st_size) + '\n';
}

Result<std::string> version_of(const char* program, Clock& clock)
{
    constexpr std::chrono::milliseconds k_patience = 15s;
    Result<std::string> said = require_tool({program, "--version"}, clock, k_patience);
    if (!said) {
        return said;
    }
    return program + (' ' + said->substr(0, said->find('\n')));
}

}  // namespace

Result<std::string> host_toolchain(Clock& clock)
{
    static std::mutex mutex;
    static std::string known_identity;
    static std::string known;
    const std::scoped_lock lock{mutex};
    const std::string now = identity("node") + identity("npm");
    if (now == known_identity) {
        return known;
    }
    const Result<std::string> node = version_of("node", clock);
    const Result<std::string> npm = version_of("npm", clock);
    if (!node || !npm) {
        return node ? npm : node;
    }
    utsname machine{};
    ::uname(&machine);
    known = *node + ", " + *npm + ", " + static_cast<const char*>(machine.machine);
    known_identity = now;
    return known;
}

}  // namespace libra
