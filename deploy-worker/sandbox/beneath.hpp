#pragma once

#include "deploy-worker/process/unique_fd.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>

/// @file Opening files in a directory that belongs to somebody hostile.
///
/// Every path is resolved by openat2 below an open directory: no link of any kind, no `..` out of
/// it, no other mount, and no wait for a FIFO. What another process changes meanwhile makes a call
/// fail and never leads elsewhere.

namespace libra {

/// @return an empty descriptor if it is not there or the way to it is one of those above; errno
/// says
///         which.
UniqueFd open_directory_beneath(int directory, const std::string& path);

/// Only regular files. `info` is of the opened file.
UniqueFd open_file_beneath(int directory, const std::string& path, struct stat& info);

/// What a user would call a file of this mode: `a symbolic link`, `a named pipe`, …
std::string_view kind_of_file(mode_t mode);

}  // namespace libra
