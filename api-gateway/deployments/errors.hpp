#pragma once

#include "shared/http/error_kind.hpp"

#include <string_view>

/// @file Errors about deployments.

namespace libra {

inline constexpr ErrorKind k_not_the_caller{
    403,
    "not_the_caller",
    "`userId` must be the caller, unless a service token is used."};
inline constexpr ErrorKind k_deployment_finished{
    409,
    "deployment_finished",
    "This deployment has completed or failed already; there is nothing left to cancel."};
inline constexpr ErrorKind k_deployment_live{
    409,
    "deployment_live",
    "This deployment is live already; deploy again to replace it."};
inline constexpr ErrorKind k_missing_files{
    409,
    "missing_files",
    "Upload the files in `details` with PUT /files/{sha256}, then send this request again."};
inline constexpr ErrorKind k_invalid_idempotency_key{
    400,
    "invalid_idempotency_key",
    "Send Idempotency-Key once, as 1 to 255 visible ASCII characters, or leave it out."};
inline constexpr ErrorKind k_idempotency_key_reused{
    422,
    "idempotency_key_reused",
    "This Idempotency-Key was used for another body within the last 24 hours; send a new one."};
/// In place of the message of k_rate_limited.
inline constexpr std::string_view k_too_many_deployments{
    "Too many deployments within a minute; try again after the time in Retry-After."};

}  // namespace libra
