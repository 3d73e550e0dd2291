#pragma once

#include "shared/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file Dead letters as the worker makes and mirrors them.
///
/// Upstream: intake and the mirror of the broker's dead letter queue. Downstream: PostgreSQL, which
/// owns dead letters; the queue has a copy of each that is open, with its number in the header
/// k_letter_header and its reason in `x-libra-reason`.

namespace libra {

inline constexpr const char* k_letter_header = "x-libra-dead-letter";

enum class LetterCopy {
    wanted,    // its letter is open
    resolved,  // its letter was requeued or discarded
    unknown,   // there is no such letter, or it has another message
};

/// Thread-safe; one transaction a call; `unavailable` when the database does not answer.
class DeadLetterStore {
public:
    virtual ~DeadLetterStore() = default;

    /// Records a poison message together with the outbox row that carries its copy to the dead
    /// letter queue: once while its letter is open, however often it is delivered.
    virtual Result<void> record_poison(const std::string& message, const std::string& reason) = 0;

    /// Records a message that the broker gave up on, or that somebody put into the dead letter
    /// queue, once while its letter is open. If it announces a deployment that nothing else brings
    /// to a worker any more, that one has failed; any other deployment is left alone.
    ///
    /// @param deployment_id  which the message names, if it can be read.
    virtual Result<void> bury(
        const std::string& message,
        const std::string& reason,
        const std::optional<std::string>& deployment_id
    ) = 0;

    /// How many copies the dead letter queue should hold: those of open letters that have been
    /// sent.
    virtual Result<std::int64_t> copies_sent() = 0;

    /// The letters they belong to, oldest first, `most` at the most.
    virtual Result<std::vector<std::int64_t>> letters_sent(int most) = 0;

    /// Sends the copies of those letters again that are still open. @return of how many.
    virtual Result<std::int64_t> send_again(const std::vector<std::int64_t>& letters) = 0;

    virtual Result<LetterCopy> copy_of(std::int64_t letter, const std::string& message) = 0;
};

}  // namespace libra
