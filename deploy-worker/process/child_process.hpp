#pragma once

#include "deploy-worker/process/program_path.hpp"
#include "deploy-worker/process/unique_fd.hpp"
#include "shared/base/result.hpp"

#include <chrono>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

/// @file Starting a program without a shell, and without giving it anything of ours.
///
/// The child gets exactly the arguments, environment and descriptors named here; every other
/// descriptor of the worker is closed at exec, whatever flags a library opened it with.

namespace libra {

struct ProcessSpec {
    std::vector<std::string> argv{};         // argv[0] is a path, or a name for `program_path()`
    std::vector<std::string> environment{};  // `NAME=value`, the whole of it
    std::string directory{"/"};
    bool dies_with_thread{true};  // killed when the thread that started it ends, and so with us
};

/// The child's descriptors. -1 is /dev/null. All stay the caller's.
struct ChildDescriptors {
    int input{-1};
    int output{-1};
    int error{-1};
    std::vector<int> inherited{};  // become 3, 4, … in the child
};

/// A running child, leader of its own process group. One thread.
///
/// The destructor kills the group and waits for the child.
class ChildProcess {
public:
    /// Blocks until the program has replaced the fork, so a program that cannot be started is an
    /// error here.
    /// @return `not_found` if there is no such program; `unavailable` for every other reason.
    static Result<ChildProcess> start(const ProcessSpec& spec, const ChildDescriptors& descriptors);

    ChildProcess(ChildProcess&& other) noexcept
        : pid_{std::exchange(other.pid_, -1)}, pidfd_{std::move(other.pidfd_)}
    {
    }

    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess();

    pid_t pid() const noexcept { return pid_; }

    /// Readable once the child has ended; for poll().
    int exit_descriptor() const noexcept { return pidfd_.native(); }

    /// Blocks for up to `patience`. @return whether the child has ended.
    bool ends_within(std::chrono::milliseconds patience) const;

    /// Sends SIGKILL to the whole group.
    void kill_group() const noexcept;

    /// Blocks until the child has ended; call once. @return its exit code, 128 + signal after a
    /// signal.
    int wait() noexcept;

private:
    ChildProcess(pid_t pid, UniqueFd pidfd) noexcept : pid_{pid}, pidfd_{std::move(pidfd)} {}

    void end() noexcept;

    pid_t pid_{-1};  // -1 once the child has been waited for
    UniqueFd pidfd_;
};

}  // namespace libra
