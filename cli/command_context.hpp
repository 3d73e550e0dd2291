#pragma once

#include "cli/api_client.hpp"
#include "cli/interrupts.hpp"
#include "cli/settings.hpp"
#include "cli/terminal.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"

#include <string>

namespace libra {

/// What every command works with.
struct CommandContext {
    Terminal& terminal;
    ApiClient& api;
    Clock& clock;
    Random& random;
    Interrupts& interrupts;
    Settings settings{};
    bool json{};  // results as the API gives them

    /// Throws CommandFailed where it is not known which one is meant.
    const std::string& org() const;
    const std::string& project() const;

    /// The id of the newest deployment of the project, for commands that name none.
    std::string newest_deployment() const;
};

/// With --json prints `answer` and says that nothing more is to be shown.
bool shown_as_json(const CommandContext& context, const ApiAnswer& answer);

}  // namespace libra
