#include "deploy-worker/process/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace libra {

void UniqueFd::reset() noexcept
{
    if (descriptor_ >= 0) {
        ::close(std::exchange(descriptor_, -1));
    }
}

Result<Pipe> open_pipe()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return Error{Errc::unavailable, errno_text("pipe2", errno)};
    }
    return Pipe{UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

std::string errno_text(std::string_view what, int code)
{
    std::string text{what};
    text += ": ";
    text += std::error_code{code, std::system_category()}.message();
    return text;
}

}  // namespace libra
