#include "deploy-worker/build/toolchain.hpp"

#include "deploy-worker/build/workspace.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// What package.json says of the manager.
struct Declaration {
    std::string text{};
    std::string version{};
    std::optional<PackageManager> manager{};
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

Declaration declaration_in(const std::vector<InstallPlace>& places)
{
    constexpr std::size_t k_longest = 100;
    for (const InstallPlace& place : places) {
        const std::string& text = place.package.package_manager;
        if (!text.empty()) {
            const DeclaredManager declared = parse_declared_manager(text);
            return {
                printable_utf8(text.substr(0, k_longest)),
                declared.version,
                manager_named(declared.name)};
        }
    }
    return {};
}

/// Why the manager is another than the one declared, or of another version.
std::optional<std::string> remark_on(
    const Declaration& declared,
    const std::vector<InstallPlace>& places,
    const Toolchain& toolchain
)
{
    if (declared.text.empty()) {
        const bool odd = std::any_of(places.begin(), places.end(), [](const InstallPlace& place) {
            return place.package.no_texts.contains("packageManager");
        });
        return odd ? std::optional<std::string>{"Not gone by: `packageManager` in package.json, "
                                                "which is not a text."}
                   : std::nullopt;
    }
    const auto because = [&](std::string_view why) {
        return fmt::format("Not gone by: `packageManager` ({}), {}", declared.text, why);
    };
    if (!declared.manager) {
        return because("which is none of npm, pnpm, yarn and bun.");
    }
    if (declared.manager != toolchain.manager) {
        return because(fmt::format("because the lock file is {}.", toolchain.lock_file));
    }
    const bool versioned = declared.text.find('@') != std::string::npos;
    if (toolchain.manager == PackageManager::npm) {
        return versioned ? std::optional{because("as to the version: npm is the one of Node.")}
                         : std::nullopt;
    }
    return declared.version.empty()
               ? std::optional{because("as to the version: it names no exact one.")}
               : std::nullopt;
}

/// Which lock files of other managers lie beside the one that is used.
std::optional<std::string> remark_on_locks(
    const ProjectFiles& files,
    const std::string& directory,
    const LockFile& used,
    bool declared
)
{
    std::vector<std::string_view> others;
    for (const LockFile& lock : k_lock_files) {
        if (lock.manager != used.manager && files.has(below(directory, lock.name))) {
            others.push_back(lock.name);
        }
    }
    if (others.empty()) {
        return std::nullopt;
    }
    return declared ? fmt::format(
                          "Not gone by: {}, because `packageManager` names {}.",
                          fmt::join(others, ", "),
                          to_string(used.manager)
                      )
                    : fmt::format(
                          "Not gone by: {}, because there is {}. Delete what is left over, or name "
                          "the package manager as `packageManager` in package.json.",
                          fmt::join(others, ", "),
                          used.name
                      );
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

ToolchainChoice
choose_toolchain(ProjectFiles& files, const std::string& root_directory, const PackageJson& package)
{
    std::vector<std::string> remarks;
    const std::vector<InstallPlace> places =
        install_places(files, root_directory, package, remarks);
    const Declaration declared = declaration_in(places);
    const std::optional<PackageManager> named = declared.manager;

    auto place = std::find_if(places.begin(), places.end(), [&](const InstallPlace& each) {
        return find_lock_file(files, each.directory, named) != nullptr;
    });
    if (place == places.end()) {
        place = std::find_if(places.begin(), places.end(), [](const InstallPlace& each) {
            return each.workspace;
        });
    }
    const InstallPlace& chosen = place == places.end() ? places.front() : *place;
    const LockFile* const lock = find_lock_file(files, chosen.directory, named);

    ToolchainChoice choice{
        .toolchain = {.manager = named.value_or(PackageManager::npm)},
        .install_directory = chosen.directory,
        .workspace = chosen.package,
        .remarks = std::move(remarks)};
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
    if (auto remark = remark_on(declared, places, choice.toolchain)) {
        choice.remarks.push_back(*std::move(remark));
    }
    if (lock != nullptr) {
        auto remark = remark_on_locks(files, chosen.directory, *lock, named == lock->manager);
        if (remark) {
            choice.remarks.push_back(*std::move(remark));
        }
    }
    return choice;
}

}  // namespace libra
