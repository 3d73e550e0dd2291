#include "cli/interrupts.hpp"

#include "cli/exit_code.hpp"

#include <unistd.h>

namespace libra {

Interrupts::Interrupts() : thread_{[this](const std::stop_token& quit) { run(quit); }} {}

std::stop_token Interrupts::next()
{
    const std::scoped_lock lock{mutex_};
    source_ = std::stop_source{};
    came_ = false;
    return source_.get_token();
}

void Interrupts::run(const std::stop_token& quit)
{
    while (signals_.wait(quit)) {
        const std::scoped_lock lock{mutex_};
        if (came_.exchange(true)) {
            ::_exit(static_cast<int>(ExitCode::interrupted));
        }
        source_.request_stop();
    }
}

}  // namespace libra
