#include "deploy-worker/sandbox/host_file.hpp"

#include "deploy-worker/process/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace libra {

std::string read_host_file(const std::filesystem::path& path)
{
    constexpr std::size_t k_most_bytes = 1U << 20U;
    std::string text;
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    std::array<char, 4096> buffer{};
    ssize_t got = 0;
    while (file && text.size() < k_most_bytes &&
           (got = ::read(file.native(), buffer.data(), buffer.size())) > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
}

Result<void> write_host_file(const std::filesystem::path& path, std::string_view text, mode_t mode)
{
    const UniqueFd file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)};
    while (file && !text.empty()) {
        const ssize_t written = ::write(file.native(), text.data(), text.size());
        if (written < 0) {
            return Error{Errc::unavailable, errno_text("cannot write " + path.string(), errno)};
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (!file) {
        return Error{Errc::unavailable, errno_text("cannot create " + path.string(), errno)};
    }
    return {};
}

Result<void> make_host_directory(const std::filesystem::path& path, mode_t mode)
{
    if (::mkdir(path.c_str(), mode) == 0) {
        if (::chmod(path.c_str(), mode) == 0) {  // the umask had its say in mkdir()
            return {};
        }
    } else if (std::error_code ignored;
               errno == EEXIST && std::filesystem::is_directory(path, ignored)) {
        return {};
    }
    return Error{Errc::unavailable, errno_text("cannot make directory " + path.string(), errno)};
}

}  // namespace libra
