#pragma once

#include "shared/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

/// @file Small files of the host: settings we write, counters the kernel shows.

namespace libra {

/// The first 1 MiB of a file; empty if it cannot be read.
std::string read_host_file(const std::filesystem::path& path);

/// Replaces the content, and the mode of a file that exists already stays.
/// @return `unavailable`, naming the path and the reason (a full disk, for one).
Result<void> write_host_file(const std::filesystem::path& path, std::string_view text, mode_t mode);

/// Makes the directory with exactly this mode, or leaves the one that is there.
Result<void> make_host_directory(const std::filesystem::path& path, mode_t mode);

}  // namespace libra
