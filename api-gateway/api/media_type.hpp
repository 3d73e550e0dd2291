#pragma once

#include <span>
#include <string_view>

namespace libra {

/// Whether a Content-Type says JSON in UTF-8: `application/json`, with `charset=utf-8` or without.
bool is_json(std::string_view content_type);

/// Of `offered`, which is not empty and whose first is the usual one, what an Accept header
/// prefers: by quality, and by the order of `offered` among equals. The usual one for an empty
/// header, and where nothing on offer is accepted. Pure.
std::string_view
preferred_media_type(std::string_view accept, std::span<const std::string_view> offered);

/// Whether it says bytes of any kind: `application/octet-stream`.
bool is_octet_stream(std::string_view content_type);

/// Whether a Content-Encoding, empty where there is none, says that the body has to be decoded
/// first.
bool is_encoded(std::string_view content_encoding);

}  // namespace libra
