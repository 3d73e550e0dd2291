#pragma once

#include "api-gateway/http/error_kind.hpp"

#include <string_view>

/// @file Errors about deployments.

namespace libra {

/// In place of the message of k_invalid_id where the id is a part of the path.
inline constexpr std::string_view k_invalid_id_in_path{
    "The deployment's id in the path must be 1 to 128 characters of A-Z a-z 0-9 . _ -"};
inline constexpr ErrorKind k_not_the_caller{
    403,
    "not_the_caller",
    "`userId` must be the caller, unless a service token is used."};
inline constexpr ErrorKind k_deployment_not_found{
    404,
    "deployment_not_found",
    "There is no deployment with this id."};
inline constexpr ErrorKind k_project_inactive{
    409,
    "project_inactive",
    "This project is not active; activate it before deploying."};
inline constexpr ErrorKind k_deployment_finished{
    409,
    "deployment_finished",
    "This deployment has completed or failed already; there is nothing left to cancel."};
inline constexpr ErrorKind k_deployment_live{
    409,
    "deployment_live",
    "This deployment is live already; deploy again to replace it."};
inline constexpr ErrorKind k_queue_full{
    503,
    "queue_full",
    "As many deployments wait for the broker as are kept; try again after the time in Retry-After.",
    5};

}  // namespace libra
