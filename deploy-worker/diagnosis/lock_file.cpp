#include "deploy-worker/diagnosis/lock_file.hpp"

#include "shared/wire/json.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace libra {

namespace {

constexpr std::size_t k_most_bytes = 16U << 20U;

// The same order as the choice of the package manager.
constexpr std::array<std::string_view, 6> k_lock_files{
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
    "npm-shrinkwrap.json",
    "package-lock.json",
};

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" '\"\t\r");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" '\"\t\r") - first + 1);
}

/// Calls `take` for each line, without its end.
template <class Take>
void each_line(std::string_view text, Take take)
{
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        take(line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
}

/// `@scope/name@rest` → the two parts; the second is empty where there is no version.
std::pair<std::string_view, std::string_view> split(std::string_view text)
{
    const std::size_t at = text.find('@', 1);
    if (at == std::string_view::npos) {
        return {text, {}};
    }
    return {text.substr(0, at), text.substr(at + 1)};
}

void add(LockedPackages& packages, std::string_view name, std::string_view version)
{
    if (!name.empty() && !version.empty()) {
        packages[std::string{name}].emplace(version);
    }
}

const JsonValue* member(const JsonValue& object, const char* name)
{
    if (!object.IsObject()) {
        return nullptr;
    }
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string_view string_at(const JsonValue& object, const char* name)
{
    const JsonValue* const value = member(object, name);
    return value != nullptr && value->IsString() ? text_of(*value) : std::string_view{};
}

/// Version 2 and 3: `"node_modules/a/node_modules/@b/c": {"version": …}`.
void read_npm_packages(const JsonValue& list, LockedPackages& packages)
{
    constexpr std::string_view k_directory{"node_modules/"};
    for (const auto& entry : list.GetObject()) {
        const std::string_view path = text_of(entry.name);
        const std::size_t at = path.rfind(k_directory);
        if (at == std::string_view::npos) {
            continue;  // the project, or a package of its workspace
        }
        const std::string_view alias = string_at(entry.value, "name");
        const std::string_view name = path.substr(at + k_directory.size());
        add(packages, alias.empty() ? name : alias, string_at(entry.value, "version"));
    }
}

/// Version 1. The depth is bounded by that of the document.
void read_npm_dependencies(const JsonValue& list, LockedPackages& packages)
{
    for (const auto& entry : list.GetObject()) {
        const std::string_view version = string_at(entry.value, "version");
        if (!version.starts_with("file:")) {
            add(packages, text_of(entry.name), version);
        }
        const JsonValue* const inner = member(entry.value, "dependencies");
        if (inner != nullptr && inner->IsObject()) {
            read_npm_dependencies(*inner, packages);
        }
    }
}

std::optional<LockedPackages> read_npm(std::string_view text)
{
    const Result<JsonDocument> document = JsonDocument::parse(text);
    if (document.has_error()) {
        return std::nullopt;
    }
    LockedPackages packages;
    const JsonValue* const list = member(document->root(), "packages");
    const JsonValue* const old = member(document->root(), "dependencies");
    if (list != nullptr && list->IsObject()) {
        read_npm_packages(*list, packages);
    } else if (old != nullptr && old->IsObject()) {
        read_npm_dependencies(*old, packages);
    }
    return packages;
}

/// Keys of the section `packages:`, two blanks in: `/a/1.0.0` and `/@a/b/1.0.0_peer` of version 5,
/// `/a@1.0.0(peer)` of version 6, `a@1.0.0` and `'@a/b@1.0.0'` of version 9.
void read_pnpm_key(std::string_view key, LockedPackages& packages)
{
    const bool old = key.starts_with('/');
    key.remove_prefix(old ? 1 : 0);
    key = key.substr(0, key.find('('));
    auto [name, version] = split(key);
    if (old && version.empty()) {
        const std::size_t slash = key.rfind('/');
        if (slash == std::string_view::npos) {
            return;
        }
        name = key.substr(0, slash);
        version = key.substr(slash + 1);
        version = version.substr(0, version.find('_'));
    }
    if (version.find("link:") == std::string_view::npos) {
        add(packages, name, version);
    }
}

LockedPackages read_pnpm(std::string_view text)
{
    LockedPackages packages;
    bool inside = false;
    each_line(text, [&](std::string_view line) {
        if (!line.empty() && line.front() != ' ' && line.front() != '#') {
            inside = line.starts_with("packages:");
        } else if (inside && line.starts_with("  ") && !line.starts_with("   ")) {
            std::string_view key = line.substr(0, line.rfind(':'));
            read_pnpm_key(trimmed(key), packages);
        }
    });
    return packages;
}

/// Both kinds of yarn.lock: a line of what was asked for, then `version "1.0.0"` or
/// `version: 1.0.0` two blanks in.
LockedPackages read_yarn(std::string_view text)
{
    LockedPackages packages;
    std::string_view name;
    each_line(text, [&](std::string_view line) {
        if (line.empty() || line.front() == '#') {
            return;
        }
        if (line.front() != ' ') {
            const std::string_view asked = trimmed(line.substr(0, line.find(',')));
            name = split(asked.substr(0, asked.find_last_not_of(":\"") + 1)).first;
            const bool own = asked.find("@workspace:") != std::string_view::npos ||
                             asked.starts_with("__metadata");
            name = own ? std::string_view{} : name;
            return;
        }
        constexpr std::string_view k_key{"  version"};
        if (line.starts_with(k_key) && line.size() > k_key.size() &&
            (line[k_key.size()] == ' ' || line[k_key.size()] == ':')) {
            add(packages, name, trimmed(line.substr(k_key.size() + 1)));
        }
    });
    return packages;
}

/// JSON as bun writes it has a comma behind a last member.
std::string without_last_commas(std::string_view text)
{
    std::string json;
    json.reserve(text.size());
    bool quoted = false;
    for (std::size_t index = 0; index < text.size(); ++index) {
        const char c = text[index];
        if (quoted && c == '\\' && index + 1 < text.size()) {
            json += c;
            json += text[++index];
            continue;
        }
        quoted = c == '"' ? !quoted : quoted;
        if (!quoted && c == ',') {
            const std::size_t next = text.find_first_not_of(" \t\r\n", index + 1);
            if (next != std::string_view::npos && (text[next] == '}' || text[next] == ']')) {
                continue;
            }
        }
        json += c;
    }
    return json;
}

std::optional<LockedPackages> read_bun(std::string_view text)
{
    const Result<JsonDocument> document = JsonDocument::parse(without_last_commas(text));
    if (document.has_error()) {
        return std::nullopt;
    }
    LockedPackages packages;
    const JsonValue* const list = member(document->root(), "packages");
    if (list == nullptr || !list->IsObject()) {
        return packages;
    }
    for (const auto& entry : list->GetObject()) {
        const bool usual =
            entry.value.IsArray() && !entry.value.Empty() && entry.value[0].IsString();
        const auto [name, version] = usual ? split(text_of(entry.value[0]))
                                           : std::pair<std::string_view, std::string_view>{};
        if (!version.starts_with("workspace:") && !version.starts_with("link:")) {
            add(packages, name, version);
        }
    }
    return packages;
}

}  // namespace

std::optional<std::string> find_lock_file(const SourceManifest& tree, const std::string& root)
{
    std::string directory = root;
    while (true) {
        for (const std::string_view name : k_lock_files) {
            std::string path = directory.empty() ? std::string{name} : directory + '/';
            path += directory.empty() ? "" : name;
            if (tree.contains(path)) {
                return path;
            }
        }
        if (directory.empty()) {
            return std::nullopt;
        }
        const std::size_t slash = directory.rfind('/');
        directory = slash == std::string::npos ? std::string{} : directory.substr(0, slash);
    }
}

std::optional<LockedPackages> read_lock_file(std::string_view path, std::string_view text)
{
    if (text.size() > k_most_bytes) {
        return std::nullopt;
    }
    const std::string_view name = path.substr(path.rfind('/') + 1);
    if (name == "package-lock.json" || name == "npm-shrinkwrap.json") {
        return read_npm(text);
    }
    if (name == "pnpm-lock.yaml") {
        return read_pnpm(text);
    }
    if (name == "yarn.lock") {
        return read_yarn(text);
    }
    if (name == "bun.lock") {
        return read_bun(text);
    }
    return std::nullopt;
}

}  // namespace libra
