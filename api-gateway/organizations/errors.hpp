#pragma once

#include "shared/http/error_kind.hpp"

#include <string_view>

/// @file Errors about organisations and who belongs to them.

namespace libra {

/// In place of the message of k_invalid_id.
inline constexpr std::string_view k_invalid_organization_id{
    "The organisation's id in the path must be 1 to 128 characters of A-Z a-z 0-9 . _ -"};
inline constexpr std::string_view k_invalid_member_id{
    "The user's id in the path must be 1 to 128 characters of A-Z a-z 0-9 . _ -"};
inline constexpr ErrorKind k_invalid_plan{
    400,
    "invalid_plan",
    "The plan in the path must be `free` or `paid`."};
inline constexpr ErrorKind k_member_not_found{
    404,
    "member_not_found",
    "This user is no member of the organisation."};
inline constexpr ErrorKind k_organization_id_taken{
    409,
    "organization_id_taken",
    "This `orgId` is in use; choose another, or leave it out."};
inline constexpr ErrorKind k_last_owner{
    409,
    "last_owner",
    "The organisation would be left without an owner; make somebody else an owner first."};

}  // namespace libra
