#pragma once

#include "shared/base/digest.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file Bytes, kept under their SHA-256 digest.

namespace libra {

/// Thread-safe; any number of processes may share one store. Calls block for disk or network time.
class ObjectStore {
public:
    virtual ~ObjectStore() = default;

    /// Stores `bytes` unless they are there already. When it returns they are durable.
    /// @return their digest; `unavailable` (with the reason, such as a full disk).
    virtual Result<Digest> put(std::string_view bytes) = 0;

    /// The same for many, which then wait for the disk together. After an error some are stored.
    virtual Result<void> put_all(const std::vector<std::string_view>& objects)
    {
        for (const std::string_view bytes : objects) {
            if (const Result<Digest> stored = put(bytes); stored.has_error()) {
                return stored.error();
            }
        }
        return {};
    }

    /// @return the bytes, checked against `digest`; `not_found`; `rejected` if what is stored is
    ///         damaged, in which case the damaged copy is set aside and `put` will store it anew;
    ///         `unavailable`.
    virtual Result<std::string> get(const Digest& digest) = 0;

    /// Size in bytes, or nothing if it is not stored.
    virtual Result<std::optional<std::uint64_t>> size(const Digest& digest) = 0;
};

}  // namespace libra
