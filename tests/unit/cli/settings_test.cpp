#include "cli/settings.hpp"

#include "cli/command_failed.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <map>

namespace libra {
namespace {

EnvironmentLookup environment(std::map<std::string, std::string> variables)
{
    return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
    };
}

void write(const std::filesystem::path& file, const std::string& text)
{
    std::ofstream{file} << text;
}

const Settings k_login{.url = "https://a", .token = "kept", .org_id = "kept-org"};

TEST_CASE("what the command line says counts before the folder, the environment and the login")
{
    const auto variables = environment(
        {{"LIBRA_URL", "https://env"},
         {"LIBRA_TOKEN", "env-token"},
         {"LIBRA_ORG", "env-org"},
         {"LIBRA_PROJECT", "env-project"}}
    );
    const Settings link{.org_id = "link-org", .project_id = "link-project"};

    const Settings all = complete(
        {.url = "https://option/", .org_id = "o", .project_id = "p"}, variables, link, k_login
    );
    CHECK(all.url == "https://option");
    CHECK(all.token == "env-token");
    CHECK(all.org_id == "o");
    CHECK(all.project_id == "p");
    const Settings linked = complete({}, variables, link, k_login);
    CHECK(linked.url == "https://env");
    CHECK(linked.org_id == "link-org");
    CHECK(linked.project_id == "link-project");
    const Settings plain = complete({}, variables, {}, k_login);
    CHECK(plain.org_id == "env-org");
    CHECK(plain.project_id == "env-project");
}

TEST_CASE("a token that was kept goes to no other platform")
{
    CHECK(complete({}, environment({}), {}, k_login).token == "kept");
    CHECK(complete({.url = "https://a"}, environment({}), {}, k_login).token == "kept");
    const Settings elsewhere = complete({.url = "https://b"}, environment({}), {}, k_login);
    CHECK_FALSE(elsewhere.token);
    CHECK_FALSE(elsewhere.org_id);
}

TEST_CASE("a login is kept for its owner alone, and read back")
{
    const testing::TemporaryDirectory home;
    const auto file = login_file(environment({{"HOME", home.path().string()}}));
    CHECK(file == home.path() / ".config/libra/login.json");
    CHECK_FALSE(read_login(file));

    write_login(file, k_login);

    const auto permissions = std::filesystem::status(file).permissions();
    CHECK(
        permissions == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
    );
    const Settings login = read_login(file).value();
    CHECK(login.url == "https://a");
    CHECK(login.token == "kept");
    CHECK(login.org_id == "kept-org");
    CHECK(login_file(environment({{"XDG_CONFIG_HOME", "/x"}})) == "/x/libra/login.json");
}

TEST_CASE("a folder names its project, and never where a token goes")
{
    const testing::TemporaryDirectory folder;
    CHECK_FALSE(read_link(folder.path()));
    write_link(folder.path(), "shop", "acme");
    CHECK(read_link(folder.path())->project_id == "shop");
    CHECK(read_link(folder.path())->org_id == "acme");

    write(folder.path() / "libra.json", R"({"url":"https://evil","token":"t","projectId":"p"})");

    CHECK_FALSE(read_link(folder.path())->url);
    CHECK_FALSE(read_link(folder.path())->token);
    CHECK(read_link(folder.path())->project_id == "p");
}

TEST_CASE("a file that is no JSON object is named, with what to do")
{
    const testing::TemporaryDirectory folder;
    for (const char* text : {"{", "[]", "null", ""}) {
        write(folder.path() / "libra.json", text);
        try {
            static_cast<void>(read_link(folder.path()));
            FAIL("read it");
        } catch (const CommandFailed& failure) {
            CHECK(failure.code() == ExitCode::usage);
            CHECK_THAT(failure.what(), Catch::Matchers::Contains("libra.json"));
            CHECK_FALSE(failure.hint().empty());
        }
    }
}

}  // namespace
}  // namespace libra
