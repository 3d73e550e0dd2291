#include "deploy-worker/targets/ticket_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

using namespace std::chrono_literals;

namespace libra {

namespace {

constexpr std::size_t k_digits = 20;  // one write of a fixed length can be repeated after a crash

Error file_error(std::string_view what, const std::filesystem::path& path)
{
    return {Errc::unavailable, errno_text(fmt::format("{} {}", what, path.string()), errno)};
}

Result<void> wait_for_lock(int descriptor, const std::filesystem::path& path, Clock& clock)
{
    constexpr auto k_patience = 2000ms;
    constexpr auto k_pause = 10ms;
    const Instant deadline = clock.now() + k_patience;
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return file_error("lock", path);
        }
        if (clock.now() >= deadline) {
            return Error{Errc::unavailable, path.string() + " is locked by another switch"};
        }
        clock.wait_for(k_pause, {});
    }
    return {};
}

}  // namespace

Result<TicketFile> TicketFile::lock(const std::filesystem::path& path, Clock& clock)
{
    constexpr mode_t k_mode = 0644;
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's own interface is variadic
    UniqueFd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, k_mode)};
    if (!file) {
        return file_error("open", path);
    }
    if (const auto locked = wait_for_lock(file.native(), path, clock); locked.has_error()) {
        return locked.error();
    }
    std::array<char, k_digits> text{};
    const ssize_t read = ::pread(file.native(), text.data(), text.size(), 0);
    if (read < 0) {
        return file_error("read", path);
    }
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + read, value);
    return TicketFile{std::move(file), value};
}

Result<void> TicketFile::advance(std::int64_t ticket)
{
    if (ticket == value_) {
        return {};
    }
    const std::string text = fmt::format("{:0{}}", ticket, k_digits);
    const ssize_t written = ::pwrite(file_.native(), text.data(), text.size(), 0);
    if (written != static_cast<ssize_t>(text.size()) || ::fsync(file_.native()) != 0) {
        return Error{Errc::unavailable, errno_text("write a ticket", errno)};
    }
    value_ = ticket;
    return {};
}

}  // namespace libra
