#include "deploy-worker/cache/own_scripts.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Lines = std::vector<std::string>;

Lines scripts_of(const std::string& package, const std::string& directory = "")
{
    const BuildPlan plan{
        .install_directory = directory,
        .install = {{.argv = {"npm", "ci"}, .directory = "/work/x", .path = {"/tools"}}}};
    const auto commands = own_scripts(plan, [&](const std::string& path) {
        const bool there = path == (directory.empty() ? "" : directory + "/") + "package.json";
        return Result<std::optional<std::string>>{there ? std::optional{package} : std::nullopt};
    });
    Lines lines;
    for (const SandboxCommand& command : commands.value()) {
        CHECK(command.directory == "/work/x");
        CHECK(command.path == Lines{"/tools"});
        lines.push_back(shown(command));
    }
    return lines;
}

TEST_CASE("a project's own install scripts are run in the manager's order, each once")
{
    CHECK(scripts_of(R"({"scripts":{"build":"vite build"}})").empty());
    CHECK(
        scripts_of(R"({"scripts":{"prepare":"b","postinstall":"a"}})", "shop") ==
        Lines{"npm run postinstall", "npm run prepare"}
    );
    CHECK(
        scripts_of(R"({"scripts":{"preinstall":"a","install":"b","postinstall":"c"}})") ==
        Lines{"npm run install"}
    );
    CHECK(
        scripts_of(R"({"scripts":{"preprepare":"a","prepare":"b","preinstall":"c"}})") ==
        Lines{"npm run preinstall", "npm run prepare"}
    );
}

TEST_CASE("a package.json that cannot be read has no scripts to run")
{
    CHECK(scripts_of("{").empty());
}

}  // namespace
}  // namespace libra
