#include "deploy-worker/build/tool.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace libra {
namespace {

TEST_CASE("a tool has a directory of its own, outside of the project")
{
    const Tool yarn{.package = "@yarnpkg/cli-dist", .version = "4.9.4"};

    CHECK(tool_directory(yarn) == "/home/build/.libra-tools/@yarnpkg+cli-dist@4.9.4");
    CHECK(
        tool_paths({yarn, {.package = "pnpm", .version = "9.15.9"}}) ==
        std::vector<std::string>{
            "/home/build/.libra-tools/@yarnpkg+cli-dist@4.9.4/bin",
            "/home/build/.libra-tools/pnpm@9.15.9/bin"}
    );
}

TEST_CASE("a tool is fetched outside of the project, whose settings must not steer it")
{
    const SandboxCommand command =
        fetch_command({.package = "pnpm", .version = "9.15.9"}, "/tools/pnpm");

    CHECK(command.directory == "/tmp");
    CHECK(command.environment.empty());
    CHECK(command.path.empty());
    CHECK(std::count(command.argv.begin(), command.argv.end(), "/tools/pnpm") == 1);
    CHECK(std::count(command.argv.begin(), command.argv.end(), "pnpm@9.15.9") == 1);
}

TEST_CASE("a program that its package does not name is linked by the fetch")
{
    const SandboxCommand command = fetch_command(bun_tool("1.3.14"), "/tools/bun");

    CHECK(
        std::vector<std::string>(command.argv.end() - 4, command.argv.end()) ==
        std::vector<std::string>{"bun", "bin/bun", "bunx", "bin/bun"}
    );
}

}  // namespace
}  // namespace libra
