#pragma once

#include "shared/base/clock.hpp"
#include "shared/http/error_kind.hpp"
#include "shared/http/message.hpp"

#include <string>

/// @file The errors that several endpoints answer with. Each room has those of its own endpoints,
/// and those the server itself finds are in shared/http/error_kind.hpp.

namespace libra {

inline constexpr ErrorKind k_invalid_json{400, "invalid_json", "The body is not valid JSON."};
inline constexpr ErrorKind k_validation_failed{
    400,
    "validation_failed",
    "The body is not a valid request; `details` names every problem."};
/// In place of that message where it is the query.
inline constexpr std::string_view k_invalid_query{
    "The query is not valid; `details` names every problem."};
inline constexpr ErrorKind k_invalid_id{
    400,
    "invalid_id",
    "Give the deployment's id as the query parameter `id`."};
/// In place of the message of k_invalid_id where the id is a part of the path.
inline constexpr std::string_view k_invalid_id_in_path{
    "The deployment's id in the path must be 1 to 128 characters of A-Z a-z 0-9 . _ -"};
inline constexpr ErrorKind k_unauthenticated{
    401,
    "unauthenticated",
    "Send a valid token as `Authorization: Bearer TOKEN`, or a valid `session` cookie."};
inline constexpr ErrorKind k_missing_scope{
    403,
    "missing_scope",
    "This token has neither the scope `deploy` nor `admin`; use one that has."};
inline constexpr ErrorKind k_not_an_operator{
    403,
    "not_an_operator",
    "Only operators of the platform may do this: service tokens with the scope `admin`."};
inline constexpr ErrorKind k_not_a_member{
    403,
    "not_a_member",
    "The caller is no member of this organisation."};
inline constexpr ErrorKind k_role_may_not_deploy{
    403,
    "role_may_not_deploy",
    "The caller's role in this organisation may not deploy; ask an owner for another role."};
inline constexpr ErrorKind k_role_not_sufficient{
    403,
    "role_not_sufficient",
    "The caller's role in this organisation does not allow this; ask an owner for another role."};
inline constexpr ErrorKind k_origin_not_allowed{
    403,
    "origin_not_allowed",
    "Session cookies are not accepted from pages of this origin."};
inline constexpr ErrorKind k_not_found{
    404,
    "not_found",
    "There is nothing here; GET / lists the endpoints."};
inline constexpr ErrorKind k_project_not_found{
    404,
    "project_not_found",
    "There is no such project in this organisation."};
inline constexpr ErrorKind k_deployment_not_found{
    404,
    "deployment_not_found",
    "There is no deployment with this id."};
inline constexpr ErrorKind k_organization_not_found{
    404,
    "organization_not_found",
    "There is no such organisation that the caller is a member of."};
inline constexpr ErrorKind k_method_not_allowed{
    405,
    "method_not_allowed",
    "This endpoint does not take this method; see the header Allow."};
inline constexpr ErrorKind k_project_inactive{
    409,
    "project_inactive",
    "This project is not active; activate it before deploying."};
inline constexpr ErrorKind k_deployment_in_progress{
    409,
    "deployment_in_progress",
    "This project is already being deployed; wait for that deployment to end, or send `onConflict` "
    "as `supersede` or `queue`."};
inline constexpr ErrorKind k_length_required{
    411,
    "length_required",
    "Send Content-Length or a chunked body."};
inline constexpr ErrorKind k_unsupported_media_type{
    415,
    "unsupported_media_type",
    "Send the body as `Content-Type: application/json`."};
inline constexpr ErrorKind k_not_octet_stream{
    415,
    "unsupported_media_type",
    "Send the body as `Content-Type: application/octet-stream`."};
inline constexpr ErrorKind k_encoded_body{
    415,
    "unsupported_content_encoding",
    "Bodies are taken as they are; send this one without Content-Encoding."};
inline constexpr ErrorKind k_rate_limited{
    429,
    "rate_limited",
    "Too many requests within a minute; try again after the time in Retry-After."};
inline constexpr ErrorKind k_queue_full{
    503,
    "queue_full",
    "As many deployments wait for the broker as are kept; try again after the time in Retry-After.",
    5};
inline constexpr ErrorKind k_storage_full{
    503,
    "storage_full",
    "The platform's disks are almost full; what is live stays so. Try again after the time in "
    "Retry-After.",
    30};
inline constexpr ErrorKind k_unavailable{
    503,
    "unavailable",
    "A dependency does not answer, or what this changes is in use at the moment; try again after "
    "the time in Retry-After.",
    1};

/// The one form of every error. `message` replaces the kind's own; `details_json` is a JSON value,
/// empty for none.
HttpResponse error_response(
    const ErrorKind& kind,
    UtcTime now,
    std::string_view message = {},
    const std::string& details_json = {}
);

}  // namespace libra
