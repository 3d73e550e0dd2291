#include "deploy-worker/templates/templates.hpp"

#include "shared/domain/rules.hpp"
#include "shared/domain/site_template.hpp"
#include "shared/wire/package_json.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

namespace libra {
namespace {

std::string_view content_of(const std::vector<TemplateFile>& files, std::string_view path)
{
    const auto found = std::find_if(files.begin(), files.end(), [&](const TemplateFile& file) {
        return file.path == path;
    });
    return found == files.end() ? std::string_view{} : found->content;
}

TEST_CASE("every template that a project may name has files that a project may have")
{
    for (const std::string_view name : k_site_templates) {
        INFO(name);
        const auto files = template_files(name);

        CHECK_FALSE(files.empty());
        for (const TemplateFile& file : files) {
            INFO(file.path);
            CHECK_FALSE(path_problem(file.path).has_value());
            CHECK_FALSE(file.content.empty());
        }
    }
}

TEST_CASE("a template is a site as it is, or can be built from a lock file")
{
    for (const std::string_view name : k_site_templates) {
        INFO(name);
        const auto files = template_files(name);
        const std::string_view text = content_of(files, "package.json");
        if (text.empty()) {
            CHECK_FALSE(content_of(files, "index.html").empty());
            continue;
        }
        const auto package = parse_package_json(text);
        REQUIRE(package.has_value());
        CHECK(package->scripts.contains("build"));
        CHECK_FALSE(content_of(files, "package-lock.json").empty());
    }
}

TEST_CASE("a template that does not exist has no files")
{
    CHECK(template_files("rails").empty());
    CHECK(template_files("").empty());
}

}  // namespace
}  // namespace libra
