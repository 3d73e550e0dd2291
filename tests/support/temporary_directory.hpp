#pragma once

#include "shared/base/random.hpp"

#include <filesystem>

namespace libra::testing {

/// An empty directory, gone with the object.
class TemporaryDirectory {
public:
    TemporaryDirectory()
        : path_{std::filesystem::temp_directory_path() / ("libra-test-" + fresh_name())}
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
        return new_id(random);
    }

    std::filesystem::path path_;
};

}  // namespace libra::testing
