#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

/// @file Which platform is meant, who asks, and for which project.
///
/// Each value comes from the first of these that has it: an option of the command line; for project
/// and organisation `libra.json` in the folder that is deployed; a variable of the environment
/// (LIBRA_URL, LIBRA_TOKEN, LIBRA_ORG, LIBRA_PROJECT); what `libra login` kept. A token is only
/// ever sent to the platform it is of: one that was kept is not used with another address.

namespace libra {

struct Settings {
    std::optional<std::string> url{};
    std::optional<std::string> token{};
    std::optional<std::string> org_id{};
    std::optional<std::string> project_id{};
};

using EnvironmentLookup = std::function<std::optional<std::string>(const char* name)>;

/// The process's own environment; empty counts as not set.
std::optional<std::string> environment_variable(const char* name);

/// $XDG_CONFIG_HOME/libra/login.json, or ~/.config/libra/login.json.
std::filesystem::path login_file(const EnvironmentLookup& environment);

/// What `login` kept; nothing where there is no such file. Throws CommandFailed for a file that
/// cannot be read.
std::optional<Settings> read_login(const std::filesystem::path& file);

/// Readable by its owner alone, whole or not at all. Throws CommandFailed.
void write_login(const std::filesystem::path& file, const Settings& settings);

/// `libra.json` of a folder: its project and organisation; nothing where there is none. Throws
/// CommandFailed for one that is malformed.
std::optional<Settings> read_link(const std::filesystem::path& folder);

void write_link(
    const std::filesystem::path& folder,
    const std::string& project_id,
    const std::string& org_id
);

/// `options`, and what is missing there from the other sources.
Settings complete(
    Settings options,
    const EnvironmentLookup& environment,
    const std::optional<Settings>& link,
    const std::optional<Settings>& login
);

}  // namespace libra
