#pragma once

#include <csignal>

namespace libra {

/// The signals that end the gateway, waited for by the main thread instead of interrupting one.
class TerminationSignals {
public:
    /// Before any other thread exists, so that all inherit the mask.
    TerminationSignals()
    {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGTERM);
        sigaddset(&signals_, SIGINT);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
    }

    /// Blocks until one comes. The next one kills, should stopping take too long for somebody.
    void wait() const
    {
        int signal{};
        sigwait(&signals_, &signal);
        pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
    }

private:
    sigset_t signals_{};
};

}  // namespace libra
