#include "deploy-worker/sandbox/beneath.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace libra {
namespace {

UniqueFd open_beneath(int directory, const std::string& path, unsigned flags)
{
    if (path.find('\0') != std::string::npos) {
        errno = EINVAL;
        return {};
    }
    open_how how{};
    how.flags = flags | O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
    return UniqueFd{
        static_cast<int>(::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how))};
}

}  // namespace

UniqueFd open_directory_beneath(int directory, const std::string& path)
{
    return open_beneath(directory, path.empty() ? "." : path, O_DIRECTORY);
}

UniqueFd open_file_beneath(int directory, const std::string& path, struct stat& info)
{
    UniqueFd file = open_beneath(directory, path, 0);
    if (file && (::fstat(file.native(), &info) != 0 || !S_ISREG(info.st_mode))) {
        file.reset();
        errno = EINVAL;
    }
    return file;
}

std::string_view kind_of_file(mode_t mode)
{
    switch (mode & static_cast<mode_t>(S_IFMT)) {
    case S_IFREG:
        return "a regular file";
    case S_IFDIR:
        return "a directory";
    case S_IFLNK:
        return "a symbolic link";
    case S_IFIFO:
        return "a named pipe";
    case S_IFSOCK:
        return "a socket";
    default:
        return "a device";
    }
}

}  // namespace libra
