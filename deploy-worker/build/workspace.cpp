#include "deploy-worker/build/workspace.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

namespace libra {

namespace {

std::string_view stripped(std::string_view text, std::string_view characters)
{
    text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
    return text.substr(0, text.find_last_not_of(characters) + 1);
}

void add_item(std::vector<std::string>& patterns, std::string_view item)
{
    item = stripped(item, " \t\r\n");
    item = stripped(item.substr(0, item.find(" #")), " \t'\"");
    if (!item.empty()) {
        patterns.emplace_back(item);
    }
}

/// The list `packages` of a pnpm-workspace.yaml, in one of its two forms; all packages where there
/// is none, as old versions of pnpm have it.
std::vector<std::string> listed_packages(std::string_view yaml)
{
    constexpr std::string_view k_key{"packages:"};
    std::size_t at = yaml.starts_with(k_key) ? 0 : yaml.find("\npackages:");
    if (at == std::string_view::npos) {
        return {"**"};
    }
    yaml.remove_prefix(yaml.find(k_key, at) + k_key.size());
    std::vector<std::string> patterns;
    if (const std::string_view list = stripped(yaml, " \t\r\n"); list.starts_with('[')) {
        std::string_view rest = list.substr(1, list.find(']') - 1);
        while (!rest.empty()) {
            const std::string_view item = rest.substr(0, rest.find(','));
            add_item(patterns, item);
            rest.remove_prefix(std::min(item.size() + 1, rest.size()));
        }
        return patterns;
    }
    yaml.remove_prefix(std::min(yaml.find('\n'), yaml.size()));
    while (!yaml.empty()) {
        yaml.remove_prefix(1);
        const std::string_view line = yaml.substr(0, yaml.find('\n'));
        yaml.remove_prefix(line.size());
        const std::string_view said = stripped(line, " \t\r");
        if (said.starts_with('-')) {
            add_item(patterns, said.substr(1));
        } else if (!said.empty() && !said.starts_with('#')) {
            break;
        }
    }
    return patterns;
}

std::string shown_patterns(const std::vector<std::string>& patterns)
{
    constexpr std::size_t k_most = 10;
    const std::size_t shown = std::min(patterns.size(), k_most);
    return printable_utf8(fmt::format(
        "{}{}",
        fmt::join(patterns.begin(), patterns.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        shown < patterns.size() ? ", …" : ""
    ));
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

std::optional<std::vector<std::string>>
workspace_patterns(ProjectFiles& files, const std::string& directory, const PackageJson& package)
{
    const std::string pnpm = below(directory, "pnpm-workspace.yaml");
    if (!files.has(pnpm)) {
        return package.workspaces;
    }
    std::vector<std::string> patterns = listed_packages(files.text(pnpm).value_or(""));
    if (package.workspaces) {
        patterns.insert(patterns.end(), package.workspaces->begin(), package.workspaces->end());
    }
    return patterns;
}

bool takes_in(const std::vector<std::string>& patterns, std::string_view path)
{
    constexpr std::string_view k_beyond{"?[{("};
    bool taken = false;
    for (std::string_view pattern : patterns) {
        const bool out = pattern.starts_with('!');
        pattern.remove_prefix(out ? 1 : 0);
        pattern.remove_prefix(pattern.starts_with("./") ? 2 : 0);
        pattern = stripped(pattern, "/");
        const bool understood = pattern.find_first_of(k_beyond) == std::string_view::npos;
        if (understood ? fits_pattern(path, pattern) : !out) {
            taken = !out;
        }
    }
    return taken;
}

std::vector<InstallPlace> install_places(
    ProjectFiles& files,
    const std::string& root_directory,
    const PackageJson& package,
    std::vector<std::string>& remarks
)
{
    const bool own = workspace_patterns(files, root_directory, package).has_value();
    std::vector<InstallPlace> places{{root_directory, package, own}};
    for (const std::string& directory : directory_and_above(root_directory)) {
        if (directory == root_directory) {
            continue;
        }
        const auto text = files.text(below(directory, "package.json"));
        const Result<PackageJson> read = text ? parse_package_json(*text) : PackageJson{};
        const PackageJson above = read.has_value() ? *read : PackageJson{};
        const auto patterns = workspace_patterns(files, directory, above);
        if (!patterns) {
            continue;
        }
        const std::size_t begin = directory.empty() ? 0 : directory.size() + 1;
        if (takes_in(*patterns, std::string_view{root_directory}.substr(begin))) {
            places.push_back({directory, above, true});
        } else {
            remarks.push_back(fmt::format(
                "The workspace in {} does not take in {} (its packages: {}), so its dependencies "
                "are none of this site's.",
                directory.empty() ? "the top directory" : directory,
                root_directory,
                shown_patterns(*patterns)
            ));
        }
    }
    return places;
}

}  // namespace libra
