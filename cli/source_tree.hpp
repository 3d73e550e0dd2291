#pragma once

#include "shared/base/digest.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace libra {

struct LocalFile {
    std::string path{};  // relative, with '/'
    std::filesystem::path on_disk{};
    std::uint64_t bytes{};
    Digest digest{};
};

struct SourceTree {
    std::vector<LocalFile> files{};  // by path
    std::vector<std::string>
        left_out{};  // paths that are neither file nor folder, or links out of the tree
};

/// Every file below `folder` that is to be deployed, and its digest. Left out are .git,
/// node_modules, libra.json, and what a .gitignore of the folder or of one inside it says. A
/// symbolic link counts as the file it leads to, if that lies in the folder. Reads every file;
/// throws CommandFailed where one cannot be read.
SourceTree read_source_tree(const std::filesystem::path& folder);

/// Throws CommandFailed.
std::string read_file_bytes(const std::filesystem::path& file);

}  // namespace libra
