#include "shared/wire/build_settings.hpp"

#include "shared/wire/project_requests.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

std::variant<ProjectChangesRequest, Problems, Unreadable> changes(const std::string& build)
{
    return parse_project_changes(R"({"name": "Shop", "build": )" + build + "}");
}

TEST_CASE("settings of a build are carried on as they were sent, nulls included")
{
    const auto parsed = changes(
        R"({"framework": "vite", "rootDirectory": "apps/web", "installCommand": "npm ci",
            "buildCommand": "a &&\n\tb", "outputDirectory": null, "nodeVersion": ">=20 <23"})"
    );

    REQUIRE(std::holds_alternative<ProjectChangesRequest>(parsed));
    CHECK(
        std::get<ProjectChangesRequest>(parsed).build ==
        R"({"framework":"vite","rootDirectory":"apps/web","installCommand":"npm ci",)"
        R"("buildCommand":"a &&\n\tb","outputDirectory":null,"nodeVersion":">=20 <23"})"
    );
    CHECK_FALSE(std::get<ProjectChangesRequest>(changes("null")).build.has_value());
    CHECK(std::get<ProjectChangesRequest>(changes("{}")).build == "{}");
}

TEST_CASE("a directory is carried on without what people write around it")
{
    const auto build = [](const std::string& directory) {
        const auto parsed = changes(R"({"outputDirectory": ")" + directory + R"("})");
        return std::get<ProjectChangesRequest>(parsed).build;
    };

    for (const char* written : {"a/dist", "./a/dist", "a/dist/", "././a/dist//"}) {
        CHECK(build(written) == R"({"outputDirectory":"a/dist"})");
    }
}

TEST_CASE("a new project may have settings from the start")
{
    const auto parsed =
        parse_new_project(R"({"orgId": "acme", "name": "Shop", "build": {"rootDirectory": "web"}})"
        );

    CHECK(std::get<NewProjectRequest>(parsed).build == R"({"rootDirectory":"web"})");
}

TEST_CASE("every setting that cannot be used is named by its place")
{
    struct Case {
        std::string build;
        std::string pointer;
    };

    const Case given = GENERATE(values<Case>({
        {"7", "/build"},
        {R"({"framework": "cobol"})", "/build/framework"},
        {R"({"framework": 1})", "/build/framework"},
        {R"({"rootDirectory": "../x"})", "/build/rootDirectory"},
        {R"({"rootDirectory": "/etc"})", "/build/rootDirectory"},
        {R"({"rootDirectory": ""})", "/build/rootDirectory"},
        {R"({"rootDirectory": "."})", "/build/rootDirectory"},
        {R"({"rootDirectory": "./"})", "/build/rootDirectory"},
        {R"({"rootDirectory": "/dist/"})", "/build/rootDirectory"},
        {R"({"rootDirectory": "a//b/"})", "/build/rootDirectory"},
        {R"({"outputDir": "dist"})", "/build/outputDir"},
        {R"({"outputDir": null})", "/build/outputDir"},
        {R"({"outputDirectory": "a/../b"})", "/build/outputDirectory"},
        {R"({"outputDirectory": "node_modules/x"})", "/build/outputDirectory"},
        {R"({"installCommand": "a\u0001"})", "/build/installCommand"},
        {R"({"buildCommand": "  "})", "/build/buildCommand"},
        {R"({"buildCommand": ")" + std::string(2001, 'x') + R"("})", "/build/buildCommand"},
        {R"({"nodeVersion": "2\r2"})", "/build/nodeVersion"},
        {R"({"nodeVersion": true})", "/build/nodeVersion"},
    }));

    const auto parsed = changes(given.build);

    REQUIRE(std::holds_alternative<Problems>(parsed));
    REQUIRE(std::get<Problems>(parsed).size() == 1);
    CHECK(std::get<Problems>(parsed)[0].pointer == given.pointer);
}

TEST_CASE("stored settings are read back")
{
    const auto settings = decode_build_settings(
        R"({"framework": "vite", "rootDirectory": "web", "nodeVersion": "22", "later": {}})"
    );

    CHECK(
        settings.value() ==
        BuildSettings{.framework = "vite", .root_directory = "web", .node_version = "22"}
    );
    CHECK(decode_build_settings("{}").value() == BuildSettings{});
    for (const char* bad : {"", "[]", R"({"framework": 1})"}) {
        CHECK(decode_build_settings(bad).error().code == Errc::invalid_input);
    }
}

}  // namespace
}  // namespace libra
