#pragma once

#include "shared/wire/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// @file The bodies of requests about projects and their domains. Pure functions.
///
/// Source of the rules: proto-schemas/new-project.json, project-changes.json and new-domain.json.

namespace libra {

struct NewProjectRequest {
    std::string org_id{};
    std::string name{};
    std::optional<std::string> project_id{};
    std::optional<std::string> site_label{};
    std::optional<std::string> build{};  // see `build_changes`
    std::optional<std::string> site_template{};

    bool operator==(const NewProjectRequest&) const = default;
};

std::variant<NewProjectRequest, Problems, Unreadable> parse_new_project(std::string_view body);

struct ProjectChangesRequest {
    std::optional<std::string> name{};
    std::optional<bool> active{};
    std::optional<std::string> build{};          // see `build_changes`
    std::optional<std::string> site_template{};  // empty where the body says `none`

    bool operator==(const ProjectChangesRequest&) const = default;
};

std::variant<ProjectChangesRequest, Problems, Unreadable>
parse_project_changes(std::string_view body);

struct NewDomainRequest {
    std::string hostname{};  // lower case, punycode

    bool operator==(const NewDomainRequest&) const = default;
};

/// `platform_domain` is the one below which no custom domain may lie.
std::variant<NewDomainRequest, Problems, Unreadable>
parse_new_domain(std::string_view body, std::string_view platform_domain);

}  // namespace libra
