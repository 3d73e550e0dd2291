#include "deploy-worker/process/program_path.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace libra {
namespace {

bool executable_file(const std::string& path)
{
    struct stat info {};

    return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::optional<std::string> program_path(const std::string& name)
{
    if (name.find('/') != std::string::npos) {
        return executable_file(name) ? std::optional{name} : std::nullopt;
    }
    std::string_view rest = k_tool_path;
    while (!rest.empty() && !name.empty()) {
        const std::size_t end = rest.find(':');
        std::string candidate{rest.substr(0, end)};
        candidate += '/' + name;
        if (executable_file(candidate)) {
            return candidate;
        }
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return std::nullopt;
}

}  // namespace libra
