#pragma once

#include "shared/base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file The JSON bodies of answers about projects and their domains. Pure functions.

namespace libra {

struct ProjectAnswer {
    std::string project_id{};
    std::string org_id{};
    std::string name{};
    std::string url{};
    bool active{};
    std::string status{};
    std::optional<std::string> live_deployment{};
    std::optional<std::string> build{};  // JSON of the settings; nothing where nothing is set
    std::optional<std::string> site_template{};
    UtcTime created_at{};
};

struct ProjectsAnswer {
    std::vector<ProjectAnswer> projects{};
    std::optional<std::string> next_cursor{};
    UtcTime timestamp{};
};

std::string encode_projects(const ProjectsAnswer& answer);

/// One that was asked for.
std::string encode_project(const ProjectAnswer& project, UtcTime timestamp);

/// One that was created or changed.
std::string encode_changed_project(const ProjectAnswer& project, UtcTime timestamp);

/// `message` is for people.
std::string
encode_deleted_project(std::string_view project_id, std::string_view message, UtcTime timestamp);

struct DomainAnswer {
    std::string hostname{};
    UtcTime created_at{};
};

std::string encode_domains(const std::vector<DomainAnswer>& domains, UtcTime timestamp);

std::string encode_added_domain(const DomainAnswer& domain, UtcTime timestamp);

/// `message` is for people.
std::string
encode_removed_domain(std::string_view hostname, std::string_view message, UtcTime timestamp);

}  // namespace libra
