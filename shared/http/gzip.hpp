#pragma once

#include <string>
#include <string_view>

namespace libra {

/// `bytes` as a gzip file (RFC 1952), at the highest compression level; for what is compressed once
/// and sent often.
std::string gzip(std::string_view bytes);

}  // namespace libra
