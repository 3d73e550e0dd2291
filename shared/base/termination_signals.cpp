#include "shared/base/termination_signals.hpp"

namespace libra {

TerminationSignals::TerminationSignals()
{
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

bool TerminationSignals::wait(const std::stop_token& quit) const
{
    constexpr timespec k_look_again{.tv_sec = 0, .tv_nsec = 200'000'000};
    while (!quit.stop_requested()) {
        if (sigtimedwait(&signals_, nullptr, &k_look_again) > 0) {
            return true;
        }
    }
    return false;
}

}  // namespace libra
