#pragma once

#include "shared/base/random.hpp"

#include <filesystem>
#include <string>
#include <unistd.h>

namespace libra::testing {

/// An empty directory, gone with the object. Its name has the number of the process that runs the
/// tests, usually ctest, by which leftovers.sh finds one that is not gone.
class TemporaryDirectory {
public:
    TemporaryDirectory() : path_{std::filesystem::temp_directory_path() / fresh_name()}
    {
        std::filesystem::create_directories(path_);
    }

    ~TemporaryDirectory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    static std::string fresh_name()
    {
        SystemRandom random;
        return "libra-test-" + std::to_string(::getppid()) + '-' + new_id(random);
    }

    std::filesystem::path path_;
};

}  // namespace libra::testing
