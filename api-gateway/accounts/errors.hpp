#pragma once

#include "shared/http/error_kind.hpp"

/// @file Errors about tokens and sessions.

namespace libra {

inline constexpr ErrorKind k_scope_exceeded{
    403,
    "scope_exceeded",
    "A token cannot give more than it has itself; ask for fewer scopes."};
inline constexpr ErrorKind k_token_not_found{
    404,
    "token_not_found",
    "The caller has no token with this id."};
inline constexpr ErrorKind k_session_not_found{
    404,
    "session_not_found",
    "The caller has no session with this id."};

}  // namespace libra
