#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file Values that must not be seen, and the filter that keeps them out of what is written.

namespace libra {

/// A value that no log or stream can print by accident: it has no conversion, only `reveal()`.
class Secret {
public:
    Secret() = default;

    explicit Secret(std::string value) : value_{std::move(value)} {}

    const std::string& reveal() const { return value_; }

    bool empty() const { return value_.empty(); }

private:
    std::string value_;
};

/// Replaces every known secret in a text by `[redacted]`. Thread-safe.
class Redactor {
public:
    /// Values under 6 bytes are not registered: replacing every "a" helps nobody.
    void add(const Secret& secret);

    /// Registers the password part of a URL such as `postgres://user:PASSWORD@host/db`, as
    /// it stands there and decoded.
    void add_url_password(std::string_view url);

    std::string redact(std::string_view text) const;

private:
    mutable std::mutex mutex_;
    std::vector<std::string> values_;  // longest first
};

}  // namespace libra
