#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// @file The variables of a build's environment, as people may choose them.

namespace libra {

inline constexpr std::size_t k_max_variable_bytes = 32U << 10U;    // of one value
inline constexpr std::size_t k_max_variables = 256;                // of one project
inline constexpr std::size_t k_max_variables_bytes = 256U << 10U;  // of all its values together

/// What is wrong with a name: it must be one that every shell takes, of at most 128 characters, and
/// none that the build sandbox sets or obeys itself (`PATH`, `LD_…`, `NODE_OPTIONS` and so on, in
/// whatever case).
std::optional<std::string> variable_name_problem(std::string_view name);

/// What the value of a secret is sealed for (SecretBox): this variable of this project.
std::string variable_binding(std::string_view project_id, std::string_view name);

}  // namespace libra
