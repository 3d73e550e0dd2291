#pragma once

#include <algorithm>
#include <array>
#include <string_view>

/// @file The names of the built-in templates that a project may begin from.
///
/// Their files are compiled into the worker (deploy-worker/templates). Also in new-project.json,
/// project-changes.json and project.json.

namespace libra {

inline constexpr std::array<std::string_view, 4> k_site_templates{
    "astro",
    "plain",
    "react-vite",
    "vue-vite"};

}  // namespace libra
