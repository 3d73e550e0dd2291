#include "deploy-worker/build/output_directory.hpp"

#include <algorithm>

namespace libra {

namespace {

using Names = std::vector<std::string>;

Result<Names> list_if_there(Sandbox& sandbox, const std::string& directory)
{
    auto names = sandbox.list(directory);
    const bool nothing_there = names.has_error() && (names.error().code == Errc::not_found ||
                                                     names.error().code == Errc::rejected);
    if (nothing_there) {
        return Names{};
    }
    return names;
}

/// `*` in `pattern` replaced by each directory that is there, at most a few.
Result<Names> expand(Sandbox& sandbox, const std::string& pattern)
{
    constexpr std::size_t k_most = 100;
    const std::size_t star = pattern.find('*');
    if (star == std::string::npos) {
        return Names{pattern};
    }
    const std::string parent = star == 0 ? "." : pattern.substr(0, star - 1);
    const auto names = list_if_there(sandbox, parent);
    if (names.has_error()) {
        return names.error();
    }
    Names expanded;
    for (const std::string& name : *names) {
        const bool wanted = name.ends_with('/') && name != "node_modules/";
        if (wanted && expanded.size() < k_most) {
            std::string path = pattern;
            path.replace(star, 1, name, 0, name.size() - 1);
            expanded.push_back(std::move(path));
        }
    }
    return expanded;
}

}  // namespace

Result<std::optional<std::string>>
find_output_directory(Sandbox& sandbox, const std::vector<std::string>& candidates)
{
    for (const std::string& candidate : candidates) {
        const auto directories = expand(sandbox, candidate);
        if (directories.has_error()) {
            return directories.error();
        }
        for (const std::string& directory : *directories) {
            const auto names = list_if_there(sandbox, directory);
            if (names.has_error()) {
                return names.error();
            }
            if (std::find(names->begin(), names->end(), "index.html") != names->end()) {
                return std::optional{directory};
            }
        }
    }
    return std::optional<std::string>{};
}

}  // namespace libra
