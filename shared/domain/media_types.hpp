#pragma once

#include <string_view>

/// @file What kind of content a file of a site is.
///
/// Source: deploy/caddy/media-types.caddy, which the static host reads too.

namespace libra {

/// The value of `Content-Type` that the static host serves `path` with, by what follows the last
/// dot of its name; `application/octet-stream` for what the table does not know. Valid for ever.
std::string_view media_type_of(std::string_view path);

}  // namespace libra
