#include "shared/objects/posix_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace libra {

namespace {

constexpr std::size_t k_read_bytes = 256UL * 1024;

}  // namespace

Error file_error(std::string_view what, const std::filesystem::path& path, int number)
{
    return {
        number == ENOENT ? Errc::not_found : Errc::unavailable,
        fmt::format("{} {}: {}", what, path.string(), std::generic_category().message(number))};
}

Result<PosixFile> PosixFile::open(const std::filesystem::path& path, int flags)
{
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0) {
        return file_error("open", path, errno);
    }
    return PosixFile{descriptor};
}

Result<std::pair<PosixFile, std::filesystem::path>>
PosixFile::create_unique(const std::filesystem::path& directory)
{
    std::string name = (directory / "XXXXXX").string();
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor < 0) {
        return Error{Errc::unavailable, file_error("create a file in", directory, errno).detail};
    }
    return std::pair{PosixFile{descriptor}, std::filesystem::path{name}};
}

PosixFile::~PosixFile()
{
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

PosixFile& PosixFile::operator=(PosixFile&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

Result<void> PosixFile::write_all(std::string_view bytes) const
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            return Error{Errc::unavailable, std::generic_category().message(errno)};
        }
        bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return {};
}

Result<std::string> PosixFile::read_all() const
{
    struct stat facts {};

    std::string out;
    if (::fstat(descriptor_, &facts) == 0 && facts.st_size > 0) {
        out.reserve(static_cast<std::size_t>(facts.st_size));
    }
    std::string chunk(k_read_bytes, '\0');
    while (true) {
        const ssize_t count = ::read(descriptor_, chunk.data(), chunk.size());
        if (count == 0) {
            return out;
        }
        if (count < 0 && errno != EINTR) {
            return Error{Errc::unavailable, std::generic_category().message(errno)};
        }
        out.append(chunk, 0, count > 0 ? static_cast<std::size_t>(count) : 0);
    }
}

Result<void> PosixFile::sync() const
{
    if (::fsync(descriptor_) != 0) {
        return Error{Errc::unavailable, std::generic_category().message(errno)};
    }
    return {};
}

Result<FileOwner> owner_of(const std::filesystem::path& path)
{
    struct stat info {};

    if (::stat(path.c_str(), &info) != 0) {
        return file_error("look at", path, errno);
    }
    return FileOwner{info.st_uid, info.st_gid};
}

Result<void> give(const std::filesystem::path& path, FileOwner owner)
{
    if (::geteuid() == 0 && ::lchown(path.c_str(), owner.user, owner.group) != 0) {
        return file_error("give away", path, errno);
    }
    return {};
}

Result<void> sync_directory(const std::filesystem::path& directory)
{
    auto opened = PosixFile::open(directory, O_RDONLY | O_DIRECTORY);
    return opened ? opened->sync() : Result<void>{opened.error()};
}

}  // namespace libra
