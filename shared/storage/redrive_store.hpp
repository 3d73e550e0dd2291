#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/deployment.hpp"
#include "shared/domain/failure.hpp"
#include "shared/storage/actor.hpp"
#include "shared/storage/attempt_record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file Dead letters as operators see them: looked at, sent again, discarded.
///
/// Upstream: the gateway's /dlq. Downstream: PostgreSQL, which owns them; the broker's dead letter
/// queue has a copy of each that is open.

namespace libra {

enum class LetterState { open, requeued, discarded };

std::string_view to_string(LetterState state) noexcept;
std::optional<LetterState> parse_letter_state(std::string_view word) noexcept;

/// Every part that is set has to match.
struct LetterFilter {
    std::optional<LetterState> state{};
    std::optional<FailureClass> failure_class{};
    std::optional<std::string> project_id{};
    std::optional<std::string> org_id{};
};

struct LetterSummary {
    std::int64_t id{};
    LetterState state{LetterState::open};
    FailureClass failure_class{};
    std::string reason{};
    std::optional<std::string> deployment_id{};  // none for a message that names no deployment
    std::optional<std::string> project_id{};
    std::optional<std::string> org_id{};
    UtcTime created_at{};
    std::optional<UtcTime> resolved_at{};
    std::optional<std::string> resolved_by{};
    std::optional<std::string> resolution{};  // the reason given for discarding
};

struct LetterPage {
    std::vector<LetterSummary> letters{};  // newest first
    std::optional<std::int64_t> next{};    // `before` of the next page
};

struct Letter {
    LetterSummary summary{};
    std::string message{};  // the bytes as they were queued; any bytes when the class is poison
    std::vector<AttemptRecord> attempts{};  // oldest first, those before a redrive included
};

enum class RedriveVerdict {
    requeued,
    already_resolved,        // requeued or discarded before; nothing was done
    deployment_in_progress,  // its project has an active deployment
    superseded,              // a newer deployment of its project is live
    not_redrivable,          // its deployment is not in the state `failed` any more
};

struct RedriveCounts {
    std::int64_t requeued{};
    std::int64_t skipped{};  // with any other verdict
    bool more{};             // the limit of one call was reached
};

/// Thread-safe; each call is one transaction; `unavailable` when the database does not answer.
/// Whether the caller may is the caller's business.
class RedriveStore {
public:
    virtual ~RedriveStore() = default;

    /// Up to `limit` letters whose id is below `before`, if that is given.
    virtual Result<LetterPage>
    list(const LetterFilter& filter, std::optional<std::int64_t> before, int limit) = 0;

    /// @return `not_found`.
    virtual Result<Letter> find(std::int64_t id) = 0;

    /// Sends what is behind the letter on its way again: a deployment with fresh attempts and with
    /// its history kept, a poison message as it came. @return `not_found`.
    virtual Result<RedriveVerdict> redrive(std::int64_t id, const Actor& actor) = 0;

    /// The same for open letters that match, oldest first, at most 500 in one call.
    virtual Result<RedriveCounts>
    redrive_matching(const LetterFilter& filter, const Actor& actor) = 0;

    /// Closes the letter for good. @return false if it was resolved before; `not_found`.
    virtual Result<bool>
    discard(std::int64_t id, const std::string& reason, const Actor& actor) = 0;
};

}  // namespace libra
