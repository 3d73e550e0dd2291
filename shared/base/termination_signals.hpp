#pragma once

#include <csignal>
#include <stop_token>

/// @file The signals that ask a process to end, waited for by a thread of ours instead of
/// interrupting one.

namespace libra {

class TerminationSignals {
public:
    /// Before any other thread exists, so that all inherit the mask. Also has SIGPIPE ignored.
    TerminationSignals();

    /// Blocks until SIGTERM or SIGINT comes, or until `quit` is requested, which it sees within
    /// 200 ms. Those that come later change nothing: a supervisor may send several, and how long
    /// stopping may take is bounded by the process itself.
    /// @return false if it was `quit`.
    bool wait(const std::stop_token& quit = {}) const;

private:
    sigset_t signals_{};
};

}  // namespace libra
