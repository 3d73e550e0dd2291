#pragma once

#include "cli/exit_code.hpp"

#include <exception>
#include <string>
#include <utility>

namespace libra {

/// Ends a command. Thrown where nothing in it can go on, and caught in `main` alone.
class CommandFailed : public std::exception {
public:
    /// `hint` says what to do next; empty where nobody knows.
    CommandFailed(ExitCode code, std::string message, std::string hint = {})
        : code_{code}, message_{std::move(message)}, hint_{std::move(hint)}
    {
    }

    const char* what() const noexcept override { return message_.c_str(); }

    ExitCode code() const { return code_; }

    const std::string& hint() const { return hint_; }

private:
    ExitCode code_;
    std::string message_;
    std::string hint_;
};

}  // namespace libra
