#pragma once

#include "shared/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>

/// @file Files and directories with the durability that a stream does not promise.

namespace libra {

struct FileOwner {
    uid_t user{};
    gid_t group{};
};

/// A file descriptor with an owner. One thread.
class PosixFile {
public:
    /// @return `not_found` if there is no such file, else `unavailable` with the system's reason.
    static Result<PosixFile> open(const std::filesystem::path& path, int flags);

    /// Makes a new file in `directory`, whose name nobody else has.
    static Result<std::pair<PosixFile, std::filesystem::path>>
    create_unique(const std::filesystem::path& directory);

    ~PosixFile();

    PosixFile(PosixFile&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}

    PosixFile& operator=(PosixFile&& other) noexcept;
    PosixFile(const PosixFile&) = delete;
    PosixFile& operator=(const PosixFile&) = delete;

    Result<void> write_all(std::string_view bytes) const;
    Result<std::string> read_all() const;

    /// Returns when the bytes are on the disk.
    Result<void> sync() const;

private:
    explicit PosixFile(int descriptor) : descriptor_{descriptor} {}

    int descriptor_;
};

/// @return whom `path` belongs to.
Result<FileOwner> owner_of(const std::filesystem::path& path);

/// Gives `path` to `owner` where this process is root; without rights, what it makes is its own.
Result<void> give(const std::filesystem::path& path, FileOwner owner);

/// Makes the names in `directory` durable.
Result<void> sync_directory(const std::filesystem::path& directory);

/// `unavailable`, with `what`, the path and the text of `number` (an errno).
Error file_error(std::string_view what, const std::filesystem::path& path, int number);

}  // namespace libra
