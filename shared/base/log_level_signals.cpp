#include "shared/base/log_level_signals.hpp"

#include <utility>

namespace libra {

namespace {

LogLevel one_more(LogLevel level)
{
    switch (level) {
    case LogLevel::error:
        return LogLevel::warning;
    case LogLevel::warning:
        return LogLevel::info;
    case LogLevel::info:
    case LogLevel::debug:
        return LogLevel::debug;
    }
    return LogLevel::debug;
}

}  // namespace

LogLevelSignals::LogLevelSignals(Log log) : log_{std::move(log)}, configured_{log_.least()}
{
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGUSR1);
    sigaddset(&signals_, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    thread_ = std::jthread{[this](const std::stop_token& quit) { follow(quit); }};
}

void LogLevelSignals::follow(const std::stop_token& quit) const
{
    constexpr timespec k_look_again{.tv_sec = 0, .tv_nsec = 200'000'000};
    while (!quit.stop_requested()) {
        const int signal = sigtimedwait(&signals_, nullptr, &k_look_again);
        if (signal == SIGUSR1) {
            say_more();
        } else if (signal == SIGUSR2) {
            say_what_was_configured();
        }
    }
}

// Both write while the more talkative of the two levels holds, so that the line is never lost.

void LogLevelSignals::say_more() const
{
    const LogLevel level = one_more(log_.least());
    log_.set_least(level);
    log_.warning("log level changed", {{"log_level", to_string(level)}});
}

void LogLevelSignals::say_what_was_configured() const
{
    log_.warning("log level changed", {{"log_level", to_string(configured_)}});
    log_.set_least(configured_);
}

}  // namespace libra
