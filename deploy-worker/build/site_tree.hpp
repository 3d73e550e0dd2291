#pragma once

#include "shared/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// @file A directory of regular files, as a sorted list and byte by byte.

namespace libra {

struct SiteFile {
    std::string path{};  // relative, `/` between the names
    std::uint64_t bytes{};
};

struct SiteTree {
    std::vector<SiteFile> files{};                     // sorted by path
    std::vector<std::filesystem::path> directories{};  // absolute, the top one first
};

/// @return `rejected` where there is anything but regular files and directories, its detail the
///         path and the kind, fit for the user; `unavailable` if the disk fails.
Result<SiteTree> walk_site(const std::filesystem::path& directory);

/// @return `unavailable` if the disk fails. Both throw nothing but std::bad_alloc.
Result<std::string> read_site_file(const std::filesystem::path& file);

Result<void> write_site_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace libra
