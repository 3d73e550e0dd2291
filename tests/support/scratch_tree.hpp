#pragma once

#include "tests/support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace libra::testing {

/// A temporary directory with files to write and read.
class ScratchTree {
public:
    const std::filesystem::path& path() const { return directory_.path(); }

    /// Writes a file, with the directories above it.
    void write(const std::string& name, const std::string& text) const
    {
        std::filesystem::create_directories((path() / name).parent_path());
        std::ofstream{path() / name, std::ios::binary} << text;
    }

    std::string read(const std::string& name) const
    {
        std::ifstream file{path() / name, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

private:
    TemporaryDirectory directory_;
};

}  // namespace libra::testing
