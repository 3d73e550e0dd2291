#pragma once

#include "shared/base/secrets.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file Configuration from environment variables, with every mistake reported at once.

namespace libra {

/// Reads variables and remembers what was wrong with them. Every reader returns a usable value even
/// after a mistake, so that the whole configuration is read before `problems()` is looked at.
///
/// A variable that is set but empty counts as not set. `NAME_FILE`, where a secret is read, names a
/// file whose content (less a trailing line end) is the value; setting both is a mistake.
///
/// Only `main` uses this class. One thread.
class Environment {
public:
    using Lookup = std::function<std::optional<std::string>(const std::string& name)>;

    /// The process's own environment.
    Environment();

    explicit Environment(Lookup lookup);

    std::string text(const std::string& name, std::string fallback);
    std::string required_text(const std::string& name);
    std::int64_t
    integer(const std::string& name, std::int64_t fallback, std::int64_t least, std::int64_t most);
    bool flag(const std::string& name, bool fallback);
    std::string choice(
        const std::string& name,
        std::string fallback,
        std::initializer_list<std::string_view> allowed
    );
    std::chrono::milliseconds milliseconds(
        const std::string& name,
        std::chrono::milliseconds fallback,
        std::chrono::milliseconds least,
        std::chrono::milliseconds most
    );
    /// Comma-separated, blanks around the items dropped.
    std::vector<std::string> list(const std::string& name, std::vector<std::string> fallback);
    Secret secret(const std::string& name);
    Secret required_secret(const std::string& name);

    /// Adds a mistake that only the caller can see, such as two settings that exclude each other.
    void complain(const std::string& name, const std::string& reason);

    /// One line each, `NAME: reason`, naming the variable and never its value when it is a secret.
    const std::vector<std::string>& problems() const { return problems_; }

private:
    std::optional<std::string> find(const std::string& name) const;

    Lookup lookup_;
    std::vector<std::string> problems_;
};

}  // namespace libra
