#pragma once

#include "shared/http/error_kind.hpp"

/// @file Errors about uploaded files.

namespace libra {

inline constexpr ErrorKind k_invalid_digest{
    400,
    "invalid_digest",
    "The path must name a SHA-256 digest: 64 lower-case hexadecimal digits."};
inline constexpr ErrorKind k_file_not_found{
    404,
    "file_not_found",
    "This organisation has not uploaded the file."};
inline constexpr ErrorKind k_file_too_large{
    413,
    "file_too_large",
    "The file is larger than this service takes."};
inline constexpr ErrorKind k_digest_mismatch{
    422,
    "digest_mismatch",
    "The body is not what the digest in the path stands for; nothing was stored."};

}  // namespace libra
