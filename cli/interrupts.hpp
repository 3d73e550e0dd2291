#pragma once

#include "shared/base/termination_signals.hpp"

#include <atomic>
#include <mutex>
#include <stop_token>
#include <thread>

namespace libra {

/// Ctrl-C as something a command can wait for and answer. The second one that nobody has answered
/// ends the process at once.
class Interrupts {
public:
    /// Before any other thread exists.
    Interrupts();

    /// Stopped by the next Ctrl-C after this call.
    std::stop_token next();

    /// Whether one came since `next` was called.
    bool came() const { return came_; }

private:
    void run(const std::stop_token& quit);

    TerminationSignals signals_{};
    std::mutex mutex_;
    std::stop_source source_{};
    std::atomic<bool> came_{false};
    std::jthread thread_;
};

}  // namespace libra
