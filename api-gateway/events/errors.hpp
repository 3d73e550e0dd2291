#pragma once

#include "shared/http/error_kind.hpp"

/// @file Errors about streams of events.

namespace libra {

inline constexpr ErrorKind k_invalid_last_event_id{
    400,
    "invalid_last_event_id",
    "Last-Event-ID must be the `id` of an event of this deployment; leave it out to begin with the "
    "first."};
inline constexpr ErrorKind k_too_many_streams_of_user{
    429,
    "too_many_streams",
    "You watch too many deployments at once; close a stream, or try again after the time in "
    "Retry-After.",
    5};
inline constexpr ErrorKind k_too_many_streams{
    503,
    "too_many_streams",
    "Too many deployments are being watched; try again after the time in Retry-After.",
    5};

}  // namespace libra
