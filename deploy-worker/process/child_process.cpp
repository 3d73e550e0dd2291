#include "deploy-worker/process/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace libra {
namespace {

// Above every number the child's descriptors are moved to, so moving one cannot overwrite another.
constexpr int k_parking_floor = 64;

std::vector<char*> pointers(const std::vector<std::string>& texts)
{
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (const std::string& text : texts) {
        // execve takes char* const* for C's sake and writes to none of it.
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
        out.push_back(const_cast<char*>(text.c_str()));
    }
    out.push_back(nullptr);
    return out;
}

/// All that the child needs, made before the fork: between fork and exec of a multi-threaded
/// process only async-signal-safe calls are allowed, which leaves out every allocation.
struct Plan {
    const char* program;
    char* const* argv;
    char* const* environment;
    const char* directory;
    std::vector<int> descriptors;  // the child's 0, 1, 2, …
    int failure;                   // where the child writes the errno that stopped it
    bool dies_with_thread;
    pid_t parent;
};

void default_signals()
{
    struct sigaction action {};

    action.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) {
        ::sigaction(signal, &action, nullptr);  // fails for KILL and STOP, which have no handler
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

bool place_descriptors(std::vector<int>& descriptors)
{
    for (int& descriptor : descriptors) {
        descriptor = descriptor < 0 ? ::open("/dev/null", O_RDWR | O_CLOEXEC) : descriptor;
        descriptor = ::fcntl(descriptor, F_DUPFD_CLOEXEC, k_parking_floor);
        if (descriptor < 0) {
            return false;
        }
    }
    const int count = static_cast<int>(descriptors.size());
    for (int number = 0; number < count; ++number) {
        if (::dup2(descriptors[static_cast<std::size_t>(number)], number) < 0) {
            return false;
        }
    }
    return ::close_range(static_cast<unsigned>(count), ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

bool leave_parent(const Plan& plan)
{
    ::setpgid(0, 0);
    if (!plan.dies_with_thread) {
        return true;
    }
    // The parent may have died before the request was made; then nobody would send the signal.
    return ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == plan.parent;
}

[[noreturn]] void become(Plan& plan)
{
    default_signals();
    if (leave_parent(plan) && place_descriptors(plan.descriptors) && ::chdir(plan.directory) == 0) {
        ::execve(plan.program, plan.argv, plan.environment);
    }
    const int reason = errno;
    const ssize_t written = ::write(plan.failure, &reason, sizeof reason);
    ::_exit(written == sizeof reason ? 127 : 126);
}

pid_t fork_into(Plan& plan)
{
    // No handler of ours may run in the child before its signals are back to their defaults.
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::fork();
    if (pid == 0) {
        become(plan);
    }
    const int reason = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = reason;
    return pid;
}

UniqueFd open_pidfd(pid_t pid)
{
    // glibc 2.36 declares pidfd_open() without extern "C". The kernel sets close-on-exec itself.
    return UniqueFd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
}

int start_failure(const UniqueFd& failure)
{
    int reason = 0;
    ssize_t got = -1;
    do {
        got = ::read(failure.native(), &reason, sizeof reason);
    } while (got < 0 && errno == EINTR);
    return got == sizeof reason ? reason : 0;
}

}  // namespace

Result<ChildProcess>
ChildProcess::start(const ProcessSpec& spec, const ChildDescriptors& descriptors)
{
    const std::string name = spec.argv.empty() ? std::string{} : spec.argv.front();
    const auto program = program_path(name);
    if (!program) {
        return Error{Errc::not_found, "no program `" + name + "`; install it or correct its name"};
    }
    Result<Pipe> failure = open_pipe();
    if (!failure) {
        return failure.error();
    }
    // Out of the way of the child's own numbers.
    UniqueFd report{::fcntl(failure->write_end.native(), F_DUPFD_CLOEXEC, k_parking_floor)};
    failure->write_end.reset();
    if (!report) {
        return Error{Errc::unavailable, errno_text("fcntl", errno)};
    }

    const std::vector<char*> argv = pointers(spec.argv);
    const std::vector<char*> environment = pointers(spec.environment);
    Plan plan{
        .program = program->c_str(),
        .argv = argv.data(),
        .environment = environment.data(),
        .directory = spec.directory.c_str(),
        .descriptors = {descriptors.input, descriptors.output, descriptors.error},
        .failure = report.native(),
        .dies_with_thread = spec.dies_with_thread,
        .parent = ::getpid()};
    plan.descriptors.insert(
        plan.descriptors.end(), descriptors.inherited.begin(), descriptors.inherited.end()
    );
    const pid_t pid = fork_into(plan);
    if (pid < 0) {
        return Error{Errc::unavailable, errno_text("fork", errno)};
    }
    ::setpgid(pid, pid);  // also here, so that kill_group() works at once; fails after the exec
    ChildProcess child{pid, open_pidfd(pid)};
    if (!child.pidfd_) {
        return Error{Errc::unavailable, errno_text("pidfd_open", errno)};
    }
    report.reset();
    if (const int reason = start_failure(failure->read_end); reason != 0) {
        return Error{Errc::unavailable, errno_text("cannot start `" + name + "`", reason)};
    }
    return child;
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept
{
    std::swap(pid_, other.pid_);
    std::swap(pidfd_, other.pidfd_);
    other.end();
    return *this;
}

ChildProcess::~ChildProcess()
{
    end();
}

void ChildProcess::end() noexcept
{
    if (pid_ > 0) {
        kill_group();
        wait();
    }
}

bool ChildProcess::ends_within(std::chrono::milliseconds patience) const
{
    pollfd ended{pidfd_.native(), POLLIN, 0};
    return ::poll(&ended, 1, static_cast<int>(patience.count())) == 1;
}

void ChildProcess::kill_group() const noexcept
{
    if (pid_ > 0) {
        ::kill(-pid_, SIGKILL);
    }
}

int ChildProcess::wait() noexcept
{
    int status = 0;
    pid_t waited = -1;
    do {
        waited = ::waitpid(pid_, &status, 0);
    } while (waited < 0 && errno == EINTR);
    pid_ = -1;
    pidfd_.reset();
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace libra
