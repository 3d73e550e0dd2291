#pragma once

#include "shared/base/random.hpp"
#include "shared/base/result.hpp"
#include "shared/base/secrets.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file Secrets of others, kept so that a copy of the database tells none.

namespace libra {

/// AES-256-GCM under keys of the platform. What a secret is bound to is told at both ends: moved to
/// another place it does not open. Thread-safe.
class SecretBox {
public:
    /// `keys` are 32 bytes in base64 each, separated by commas. The first one seals and all of them
    /// open, so that a new key can be put before the old one.
    /// @return `invalid_input` with what is wrong, in words that tell nothing of a key.
    static Result<SecretBox> from_keys(const Secret& keys);

    /// The same `value` never looks the same twice.
    std::string seal(std::string_view value, std::string_view bound_to, Random& random) const;

    /// @return `rejected` for what was not sealed under one of the keys and for `bound_to`.
    Result<std::string> open(std::string_view sealed, std::string_view bound_to) const;

    /// Whether the first key opens it: then no other one is needed for it any more.
    bool is_current(std::string_view sealed, std::string_view bound_to) const;

private:
    explicit SecretBox(std::vector<std::string> keys) : keys_{std::move(keys)} {}

    std::vector<std::string> keys_;
};

}  // namespace libra
