#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

/// @file The two encodings in which the static host finds text assets ready-made.

namespace libra {

struct ContentEncoding {
    std::string_view ending{};  // after the name of the file that is encoded
    std::string_view form{};    // names the encoder and its settings; see BlobKey::form
    std::optional<std::string> (*encode)(std::string_view bytes, const std::stop_token& stop){};
};

/// Equal bytes give equal output. Nothing when `stop` was requested, within a fifth of a second.
///
/// gzip at level 6, with no time in its header. Brotli at quality 9 up to 4 MiB, above it 5:
/// measured on a 1.2 MB script and a busy machine, 5 takes 80 ms for 144 KB, 9 takes 270 ms for
/// 115 KB, 11 takes 4.3 s for 100 KB.
std::optional<std::string> gzip(std::string_view bytes, const std::stop_token& stop = {});
std::optional<std::string> brotli(std::string_view bytes, const std::stop_token& stop = {});

/// Whoever changes the settings of an encoder gives its form another name.
inline constexpr std::array<ContentEncoding, 2> k_encodings{{
    {".br", "br1", &brotli},
    {".gz", "gz1", &gzip},
}};

/// True where the name is that of a text format and the size makes compression pay.
bool is_worth_compressing(std::string_view file_name, std::size_t bytes);

}  // namespace libra
