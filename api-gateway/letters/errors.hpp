#pragma once

#include "shared/http/error_kind.hpp"

/// @file Errors about dead letters.

namespace libra {

inline constexpr ErrorKind k_dead_letter_not_found{
    404,
    "dead_letter_not_found",
    "There is no dead letter with this id."};
inline constexpr ErrorKind k_already_resolved{
    409,
    "already_resolved",
    "This dead letter was requeued or discarded before; nothing was done."};
inline constexpr ErrorKind k_superseded{
    409,
    "superseded",
    "A newer deployment of the project is live; discard this dead letter instead."};
inline constexpr ErrorKind k_not_redrivable{
    409,
    "not_redrivable",
    "The deployment is not in the state `failed` any more; discard this dead letter instead."};

}  // namespace libra
