#pragma once

#include "shared/http/error_kind.hpp"

#include <string_view>

/// @file Errors about making a new deployment from an earlier one.

namespace libra {

/// In place of the message of k_invalid_id where it is a project's.
inline constexpr std::string_view k_invalid_project_id_in_path{
    "The project's id in the path must be 1 to 128 characters of A-Z a-z 0-9 . _ -"};
/// In place of the message of k_deployment_in_progress: there is no `onConflict` here.
inline constexpr std::string_view k_wait_or_cancel{
    "This project is being deployed; wait for that deployment to end, or cancel it."};
inline constexpr ErrorKind k_deployment_unfinished{
    409,
    "deployment_unfinished",
    "This deployment did not become a finished release; only one that did can be made live."};
inline constexpr ErrorKind k_release_gone{
    409,
    "release_gone",
    "The release of this deployment is not kept any more; retry the deployment to build it again."};
inline constexpr ErrorKind k_already_live{
    409,
    "already_live",
    "This release is live already; there is nothing to do."};
inline constexpr ErrorKind k_no_earlier_release{
    409,
    "no_earlier_release",
    "There is no earlier release to go back to."};

}  // namespace libra
