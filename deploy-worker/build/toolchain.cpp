#include "deploy-worker/build/toolchain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace libra {

namespace {

struct LockFile {
    std::string_view name{};
    PackageManager manager{};
};

// Where several are there, the first: a package-lock.json is the one that npm leaves by accident.
constexpr std::array k_lock_files{
    LockFile{"pnpm-lock.yaml", PackageManager::pnpm},
    LockFile{"yarn.lock", PackageManager::yarn},
    LockFile{"bun.lock", PackageManager::bun},
    LockFile{"bun.lockb", PackageManager::bun},
    LockFile{"npm-shrinkwrap.json", PackageManager::npm},
    LockFile{"package-lock.json", PackageManager::npm},
};

constexpr std::array k_managers{
    PackageManager::npm,
    PackageManager::pnpm,
    PackageManager::yarn,
    PackageManager::bun,
};

/// A directory that dependencies may be installed in.
struct Place {
    std::string directory{};
    PackageJson package{};
};

std::optional<PackageManager> manager_named(std::string_view name)
{
    const auto* const found =
        std::find_if(k_managers.begin(), k_managers.end(), [&](PackageManager manager) {
            return to_string(manager) == name;
        });
    return found == k_managers.end() ? std::nullopt : std::optional{*found};
}

const LockFile* find_lock_file(
    const ProjectFiles& files,
    const std::string& directory,
    const std::optional<PackageManager>& declared
)
{
    const LockFile* first = nullptr;
    for (const LockFile& lock : k_lock_files) {
        if (!files.has(below(directory, lock.name))) {
            continue;
        }
        if (lock.manager == declared) {
            return &lock;
        }
        first = first == nullptr ? &lock : first;
    }
    return first;
}

std::vector<Place>
install_places(ProjectFiles& files, const std::string& root_directory, const PackageJson& package)
{
    std::vector<Place> places;
    for (const std::string& directory : directory_and_above(root_directory)) {
        if (directory == root_directory) {
            places.push_back({directory, package});
            continue;
        }
        const auto text = files.text(below(directory, "package.json"));
        Result<PackageJson> above = text ? parse_package_json(*text) : PackageJson{};
        const bool pnpm = files.has(below(directory, "pnpm-workspace.yaml"));
        if (pnpm || (above && above->workspaces)) {
            places.push_back({directory, above ? *std::move(above) : PackageJson{}});
        }
    }
    return places;
}

bool is_workspace(const ProjectFiles& files, const Place& place)
{
    return place.package.workspaces || files.has(below(place.directory, "pnpm-workspace.yaml"));
}

/// Of a manager that no lock file tells the version of.
std::string usual_version(
    const ProjectFiles& files,
    const std::string& directory,
    PackageManager manager,
    std::string_view lock_text
)
{
    const bool berry = manager == PackageManager::yarn && lock_text.empty() &&
                       files.has(below(directory, ".yarnrc.yml"));
    return version_for_lock(manager, berry ? "\n__metadata:\n" : lock_text);
}

}  // namespace

std::vector<std::string> directory_and_above(std::string_view directory)
{
    std::vector<std::string> all;
    while (!directory.empty()) {
        all.emplace_back(directory);
        const std::size_t slash = directory.rfind('/');
        directory = slash == std::string_view::npos ? "" : directory.substr(0, slash);
    }
    all.emplace_back();
    return all;
}

ToolchainChoice
choose_toolchain(ProjectFiles& files, const std::string& root_directory, const PackageJson& package)
{
    const std::vector<Place> places = install_places(files, root_directory, package);
    const auto declaring = std::find_if(places.begin(), places.end(), [](const Place& place) {
        return !place.package.package_manager.empty();
    });
    const DeclaredManager declared = parse_declared_manager(
        declaring == places.end() ? std::string_view{} : declaring->package.package_manager
    );
    const std::optional<PackageManager> named = manager_named(declared.name);

    auto place = std::find_if(places.begin(), places.end(), [&](const Place& each) {
        return find_lock_file(files, each.directory, named) != nullptr;
    });
    if (place == places.end()) {
        place = std::find_if(places.begin(), places.end(), [&](const Place& each) {
            return is_workspace(files, each);
        });
    }
    const Place& chosen = place == places.end() ? places.front() : *place;
    const LockFile* const lock = find_lock_file(files, chosen.directory, named);

    ToolchainChoice choice{
        .toolchain = {.manager = named.value_or(PackageManager::npm)},
        .install_directory = chosen.directory,
        .workspace = chosen.package};
    std::string_view lock_text;
    if (lock != nullptr) {
        choice.toolchain.manager = lock->manager;
        choice.toolchain.lock_file = below(chosen.directory, lock->name);
        const bool version_in_lock =
            lock->manager == PackageManager::pnpm || lock->manager == PackageManager::yarn;
        if (version_in_lock) {
            lock_text = files.text(choice.toolchain.lock_file).value_or("");
        }
    }
    if (choice.toolchain.manager != PackageManager::npm) {
        const bool exact = named == choice.toolchain.manager && !declared.version.empty();
        choice.toolchain.version =
            exact ? declared.version
                  : usual_version(files, chosen.directory, choice.toolchain.manager, lock_text);
    }
    choice.reason = lock != nullptr ? choice.toolchain.lock_file
                    : named         ? "`packageManager` in package.json"
                                    : "the default, as there is no lock file";
    return choice;
}

}  // namespace libra
