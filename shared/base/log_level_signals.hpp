#pragma once

#include "shared/base/log.hpp"

#include <csignal>
#include <thread>

namespace libra {

/// SIGUSR1 makes the log one level more talkative, SIGUSR2 brings back the level it had at first.
/// Each change is a line of the log.
class LogLevelSignals {
public:
    /// Before any other thread exists, so that all inherit the mask.
    explicit LogLevelSignals(Log log);

private:
    void follow(const std::stop_token& quit) const;
    void say_more() const;
    void say_what_was_configured() const;

    Log log_;
    LogLevel configured_;
    sigset_t signals_{};
    std::jthread thread_{};
};

}  // namespace libra
