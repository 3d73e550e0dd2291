#include "deploy-worker/build/framework_match.hpp"

#include "shared/domain/rules.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace libra {

namespace {

using Strings = std::vector<std::string>;

// Of a pattern that fits many files; more is no configuration.
constexpr std::size_t k_most_files = 20;

bool any_file_says(const Condition& condition, const Project& project)
{
    for (const std::string& pattern : condition.names) {
        for (const std::string& path : project.files.matching(pattern, k_most_files)) {
            if (says(project.files.words(path), condition.phrase)) {
                return true;
            }
        }
    }
    return false;
}

/// As a path below the root directory; nothing if it leads anywhere else.
std::optional<std::string> as_output(std::string_view text)
{
    while (text.starts_with("./") || text.starts_with("../") || text.starts_with('/')) {
        text.remove_prefix(text.find('/') + 1);
    }
    while (text.ends_with('/')) {
        text.remove_suffix(1);
    }
    if (text == ".") {
        return std::string{text};
    }
    return path_problem(text) ? std::nullopt : std::optional{std::string{text}};
}

/// The words of a command line, without quotes.
std::vector<std::string_view> command_words(std::string_view line)
{
    std::vector<std::string_view> words;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find_first_of(" \t=\"'"), line.size());
        if (end > 0) {
            words.push_back(line.substr(0, end));
        }
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return words;
}

void add_setting(const OutputSetting& setting, const Project& project, Strings& found)
{
    for (const std::string& pattern : setting.files) {
        for (const std::string& path : project.files.matching(pattern, k_most_files)) {
            const auto given = string_given_to(project.files.words(path), setting.key);
            const auto output = given ? as_output(*given) : std::nullopt;
            for (const std::string& inner : setting.below) {
                if (output) {
                    found.push_back(inner == "." ? *output : below(*output, inner));
                }
            }
        }
    }
}

}  // namespace

bool holds(const Condition& condition, const Project& project)
{
    const auto part_holds = [&](const Condition& part) { return holds(part, project); };
    const auto& parts = condition.parts;
    const auto& names = condition.names;
    switch (condition.kind) {
    case Condition::Kind::all:
        return std::all_of(parts.begin(), parts.end(), part_holds);
    case Condition::Kind::any:
        return std::any_of(parts.begin(), parts.end(), part_holds);
    case Condition::Kind::none:
        return std::none_of(parts.begin(), parts.end(), part_holds);
    case Condition::Kind::dependency:
        return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
            return project.package.dependencies.contains(name);
        });
    case Condition::Kind::file:
        return std::any_of(names.begin(), names.end(), [&](const std::string& pattern) {
            return !project.files.matching(pattern, 1).empty();
        });
    case Condition::Kind::says:
        return any_file_says(condition, project);
    case Condition::Kind::script:
        return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
            return project.package.scripts.contains(name);
        });
    case Condition::Kind::runs:
        break;
    }
    const auto& scripts = project.package.scripts;
    return std::any_of(scripts.begin(), scripts.end(), [&](const auto& script) {
        return script.second.find(condition.phrase) != std::string::npos;
    });
}

const Framework* find_framework(const std::vector<Framework>& list, const Project& project)
{
    std::vector<const Framework*> fitting;
    std::set<std::string_view> superseded;
    for (const Framework& framework : list) {
        if (holds(framework.detect, project)) {
            fitting.push_back(&framework);
            superseded.insert(framework.supersedes.begin(), framework.supersedes.end());
        }
    }
    const auto first = std::find_if(fitting.begin(), fitting.end(), [&](const Framework* each) {
        return !superseded.contains(each->slug);
    });
    return first == fitting.end() ? nullptr : *first;
}

std::string shown_name(const Framework& framework, const Project& project)
{
    const auto flavour = std::find_if(
        framework.flavours.begin(),
        framework.flavours.end(),
        [&](const Flavour& each) { return project.package.dependencies.contains(each.dependency); }
    );
    return flavour == framework.flavours.end() ? framework.name
                                               : framework.name + " (" + flavour->name + ')';
}

std::string refusal_of(const Framework& framework, const Project& project)
{
    const auto refusal = std::find_if(
        framework.refusals.begin(),
        framework.refusals.end(),
        [&](const Refusal& each) { return holds(each.when, project); }
    );
    return refusal == framework.refusals.end() ? std::string{} : refusal->why;
}

std::vector<std::string>
configured_outputs(const Framework& framework, const Project& project, std::string_view script)
{
    Strings found;
    const std::vector<std::string_view> words = command_words(script);
    for (std::size_t at = 0; at + 1 < words.size(); ++at) {
        const auto& flags = framework.output_flags;
        const bool flag = std::find(flags.begin(), flags.end(), words[at]) != flags.end();
        if (const auto output = flag ? as_output(words[at + 1]) : std::nullopt) {
            found.push_back(*output);
        }
    }
    for (const OutputSetting& setting : framework.output_settings) {
        add_setting(setting, project, found);
    }
    return found;
}

}  // namespace libra
