#pragma once

#include "shared/http/message.hpp"
#include "shared/storage/admission_store.hpp"

#include <optional>
#include <string_view>

/// @file What a request presents to say who it is.

namespace libra {

/// The token of `Authorization: Bearer TOKEN`, else of the cookie `session`, as its digest. Pure;
/// the token itself goes no further than this function, unless it is a JWT.
///
/// A Bearer header that is malformed, or one of two Authorization headers, is not made good by a
/// cookie; another scheme (a proxy's Basic, say) does not concern us and leaves the cookie.
/// @return nothing when there is no credential, or one that cannot be valid.
std::optional<Credential> read_credential(const HttpRequest& request);

/// The credential itself where it is a Bearer token with the form of a JWT: three parts, the first
/// one a JSON object's beginning in base64url. No token of ours looks like that.
std::optional<std::string_view> find_jwt(const HttpRequest& request);

}  // namespace libra
