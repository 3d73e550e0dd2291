#include "deploy-worker/diagnosis/release_changes.hpp"

#include "deploy-worker/diagnosis/lock_file.hpp"
#include "shared/wire/json.hpp"
#include "shared/wire/package_json.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

namespace libra {

namespace {

constexpr std::size_t k_most_names = 10;
constexpr std::size_t k_most_packages = 12;

void note(NameList& list, const std::string& name)
{
    ++list.count;
    if (list.first.size() < k_most_names) {
        list.first.push_back(name);
    }
}

/// Of two maps with the same order.
template <class Map>
NameChanges names_between(const Map& before, const Map& after)
{
    NameChanges changes;
    for (const auto& [name, value] : after) {
        const auto old = before.find(name);
        if (old == before.end()) {
            note(changes.added, name);
        } else if (!(old->second == value)) {
            note(changes.changed, name);
        }
    }
    for (const auto& [name, value] : before) {
        if (!after.contains(name)) {
            note(changes.removed, name);
        }
    }
    return changes;
}

std::string joined(const std::set<std::string>& versions)
{
    return fmt::format("{}", fmt::join(versions, ", "));
}

std::optional<LockedPackages> locked_by(const BuildInputs& inputs)
{
    const auto path = find_lock_file(*inputs.tree, inputs.root);
    if (!path) {
        return std::nullopt;  // versions were open, and nobody wrote down which it became
    }
    const std::optional<std::string> text = inputs.read(*path);
    return text ? read_lock_file(*path, *text) : std::nullopt;
}

bool same_lock_file(const BuildInputs& before, const BuildInputs& after)
{
    const auto old = find_lock_file(*before.tree, before.root);
    const auto now = find_lock_file(*after.tree, after.root);
    if (!old || !now) {
        return !old && !now;
    }
    return *old == *now && before.tree->at(*old) == after.tree->at(*now);
}

std::set<std::string> direct_dependencies(const BuildInputs& inputs)
{
    const std::string path = inputs.root.empty() ? "package.json" : inputs.root + "/package.json";
    const std::optional<std::string> text = inputs.read(path);
    const auto read = text ? parse_package_json(*text) : Result<PackageJson>{PackageJson{}};
    return read.has_value() ? read->dependencies : std::set<std::string>{};
}

std::vector<VersionChange>
versions_between(const LockedPackages& before, const LockedPackages& after, PackageChanges& counts)
{
    std::vector<VersionChange> all;
    for (const auto& [name, versions] : after) {
        const auto old = before.find(name);
        if (old == before.end()) {
            ++counts.added;
            all.push_back({.name = name, .to = joined(versions)});
        } else if (old->second != versions) {
            ++counts.changed;
            all.push_back({.name = name, .from = joined(old->second), .to = joined(versions)});
        }
    }
    for (const auto& [name, versions] : before) {
        if (!after.contains(name)) {
            ++counts.removed;
            all.push_back({.name = name, .from = joined(versions)});
        }
    }
    return all;
}

std::optional<PackageChanges> packages_between(const BuildInputs& before, const BuildInputs& after)
{
    PackageChanges changes;
    if (same_lock_file(before, after)) {
        return changes;
    }
    const auto old = locked_by(before);
    const auto now = locked_by(after);
    if (!old || !now) {
        return std::nullopt;
    }
    changes.first = versions_between(*old, *now, changes);
    const std::set<std::string> direct = direct_dependencies(after);
    std::stable_partition(changes.first.begin(), changes.first.end(), [&](const auto& change) {
        return direct.contains(change.name);
    });
    changes.first.resize(std::min(changes.first.size(), k_most_packages));
    return changes;
}

std::vector<VersionChange> tools_between(const NamedVersions& before, const NamedVersions& after)
{
    std::vector<VersionChange> changes;
    for (const auto& [name, version] : after) {
        const auto old = before.find(name);
        if (old == before.end()) {
            changes.push_back({.name = name, .to = version});
        } else if (old->second != version) {
            changes.push_back({.name = name, .from = old->second, .to = version});
        }
    }
    for (const auto& [name, version] : before) {
        if (!after.contains(name)) {
            changes.push_back({.name = name, .from = version});
        }
    }
    return changes;
}

}  // namespace

std::optional<NamedVersions> decode_versions(std::string_view json)
{
    const Result<JsonDocument> document = JsonDocument::parse(json);
    if (document.has_error() || !document->root().IsObject()) {
        return std::nullopt;
    }
    NamedVersions versions;
    for (const auto& member : document->root().GetObject()) {
        const std::string name{text_of(member.name)};
        if (member.value.IsString()) {
            versions[name] = text_of(member.value);
        } else if (member.value.IsInt64()) {
            versions[name] = std::to_string(member.value.GetInt64());
        } else {
            return std::nullopt;
        }
    }
    return versions;
}

std::optional<NamedVersions> decode_toolchain(std::string_view json)
{
    const Result<JsonDocument> document = JsonDocument::parse(json);
    if (document.has_error() || !document->root().IsObject()) {
        return std::nullopt;
    }
    NamedVersions versions;
    for (const char* const name :
         {"framework",
          "packageManager",
          "nodeVersion",
          "rootDirectory",
          "installCommand",
          "buildCommand"}) {
        const JsonValue* const value = locate(document->root(), name).value;
        if (value != nullptr && value->IsString()) {
            versions[name] = text_of(*value);
        }
    }
    const JsonValue* const version = locate(document->root(), "packageManagerVersion").value;
    if (version != nullptr && version->IsString() && versions.contains("packageManager")) {
        versions["packageManager"] += ' ' + std::string{text_of(*version)};
    }
    return versions;
}

ReleaseChanges changes_between(const BuildInputs& before, const BuildInputs& after)
{
    ReleaseChanges changes;
    if (before.tree != nullptr && after.tree != nullptr) {
        changes.files = names_between(*before.tree, *after.tree);
        changes.packages = packages_between(before, after);
    }
    if (before.environment && after.environment) {
        changes.environment = names_between(*before.environment, *after.environment);
    }
    if (before.toolchain && after.toolchain) {
        changes.toolchain = tools_between(*before.toolchain, *after.toolchain);
    }
    return changes;
}

}  // namespace libra
