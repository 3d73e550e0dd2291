#pragma once

#include "shared/http/error_kind.hpp"

#include <string_view>

/// @file Errors about projects and what belongs to them.

namespace libra {

/// In place of the message of k_invalid_id.
inline constexpr std::string_view k_invalid_project_id{
    "The project's id in the path must be 1 to 128 characters of A-Z a-z 0-9 . _ -"};
/// In place of that of k_deployment_in_progress.
inline constexpr std::string_view k_no_deletion_now{
    "The project is being deployed; cancel that deployment or wait for its end before deleting."};
inline constexpr ErrorKind k_project_id_taken{
    409,
    "project_id_taken",
    "This `projectId` is or was in use; choose another, or leave it out."};
inline constexpr ErrorKind k_site_label_taken{
    409,
    "site_label_taken",
    "This `siteLabel` is in use; choose another, or leave it out."};
inline constexpr ErrorKind k_invalid_hostname{
    400,
    "invalid_hostname",
    "The host name in the path is no valid custom domain."};
inline constexpr ErrorKind k_domain_not_found{
    404,
    "domain_not_found",
    "The project does not have this domain."};
inline constexpr ErrorKind k_domain_taken{
    409,
    "domain_taken",
    "This domain belongs to another project; remove it there, or choose another."};
inline constexpr ErrorKind k_too_many_domains{
    409,
    "too_many_domains",
    "The project has as many domains as a project can have; remove one first."};
inline constexpr ErrorKind k_invalid_variable_name{
    400,
    "invalid_variable_name",
    "The variable's name in the path cannot be used."};
inline constexpr ErrorKind k_variable_not_found{
    404,
    "variable_not_found",
    "The project has no variable of this name."};
inline constexpr ErrorKind k_too_many_variables{
    409,
    "too_many_variables",
    "The project has as many variables as a project can have; remove one first."};
inline constexpr ErrorKind k_variables_too_large{
    409,
    "variables_too_large",
    "The values of a project's variables may have 256 KiB together; shorten or remove one first."};
inline constexpr ErrorKind k_secrets_unavailable{
    503,
    "secrets_unavailable",
    "This platform has no key for secrets; ask its operators to set SECRETS_KEY."};

}  // namespace libra
