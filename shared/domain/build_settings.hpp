#pragma once

#include <optional>
#include <string>

/// @file What a project's owner has said about its build; what is left open is found in its files.

namespace libra {

/// What is not set is decided by the worker from the project's files.
struct BuildSettings {
    std::optional<std::string> framework{};       // a slug of the worker's list of frameworks
    std::optional<std::string> root_directory{};  // below the top of the tree; obeys `path_problem`
    std::optional<std::string> install_command{};   // for `sh -c`, in the root directory
    std::optional<std::string> build_command{};     // likewise
    std::optional<std::string> output_directory{};  // below the root directory; or `.`
    std::optional<std::string> node_version{};      // 20, 20.11.1, >=20 <22, lts/*, lts/iron

    bool operator==(const BuildSettings&) const = default;
};

}  // namespace libra
