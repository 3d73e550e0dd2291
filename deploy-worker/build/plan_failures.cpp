#include "deploy-worker/build/plan_failures.hpp"

#include "deploy-worker/build/frameworks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>
#include <vector>

namespace libra {

namespace {

/// Directories below the top with a package.json of their own.
std::vector<std::string> packages_below(const ProjectFiles& tree)
{
    constexpr std::size_t k_most = 5;
    constexpr std::string_view k_name{"/package.json"};
    std::vector<std::string> found;
    for (const std::string_view pattern : {"*/package.json", "*/*/package.json"}) {
        for (std::string& path : tree.matching(pattern, k_most)) {
            path.resize(path.size() - k_name.size());
            found.push_back(std::move(path));
        }
    }
    found.resize(std::min(found.size(), k_most));
    return found;
}

}  // namespace

Failure root_directory_missing(std::string_view directory)
{
    return user_failure(
        "root_directory_missing",
        fmt::format(
            "The root directory that is set for the project, {}, is not among its files. Change "
            "or remove the setting.",
            directory
        )
    );
}

Failure unknown_framework(std::string_view slug)
{
    std::vector<std::string_view> known{"static"};
    for (const Framework& framework : framework_list().frameworks) {
        known.emplace_back(framework.slug);
    }
    return user_failure(
        "unknown_framework",
        fmt::format(
            "The framework that is set for the project, {}, is not known here. Known are: {}.",
            slug,
            fmt::join(known, ", ")
        )
    );
}

Failure invalid_package_json(std::string_view problem)
{
    return user_failure(
        "invalid_package_json", fmt::format("package.json cannot be used: {}.", problem)
    );
}

Failure server_only(std::string why)
{
    return user_failure("server_only", std::move(why));
}

Failure unsupported_project(std::string why)
{
    return user_failure("unsupported_project", std::move(why));
}

Failure set_output_missing(std::string_view directory)
{
    return user_failure(
        "output_missing",
        fmt::format(
            "The output directory that is set for the project, {}, is not among its files, and "
            "there is nothing to build. Change or remove the setting, or set a build command.",
            directory
        )
    );
}

Failure no_build_script(const ProjectFiles& tree, std::string_view root_directory)
{
    std::string message =
        "package.json has no `build` script and there is no index.html beside it. Add a script "
        "named `build` that writes the site to dist/, or an index.html.";
    const std::vector<std::string> packages =
        root_directory.empty() ? packages_below(tree) : std::vector<std::string>{};
    if (!packages.empty()) {
        message += fmt::format(
            " If the site is made from one of the packages below ({}), set the project's root "
            "directory to it.",
            fmt::join(packages, ", ")
        );
    }
    return user_failure("no_build_script", std::move(message));
}

}  // namespace libra
