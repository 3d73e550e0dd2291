#pragma once

#include "shared/base/result.hpp"

#include <string>

namespace libra {

/// @file Messages that no worker can read.

/// Thread-safe; one transaction a call; `unavailable` when the database does not answer.
class DeadLetterStore {
public:
    virtual ~DeadLetterStore() = default;

    /// Records a poison message, once however often it is delivered, together with the outbox row
    /// that carries it to the dead letter queue with its reason in the header `x-libra-reason`.
    virtual Result<void> record_poison(const std::string& message, const std::string& reason) = 0;
};

}  // namespace libra
