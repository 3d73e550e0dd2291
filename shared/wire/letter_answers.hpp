#pragma once

#include "shared/base/clock.hpp"
#include "shared/domain/failure.hpp"
#include "shared/wire/attempt_answer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file The JSON bodies of /dlq. Pure functions.

namespace libra {

struct LetterAnswer {
    std::int64_t id{};
    std::string_view state{};
    FailureClass failure_class{};
    std::string reason{};
    std::optional<std::string> deployment_id{};
    std::optional<std::string> project_id{};
    std::optional<std::string> org_id{};
    UtcTime created_at{};
    std::optional<UtcTime> resolved_at{};
    std::optional<std::string> resolved_by{};
    std::optional<std::string> resolution{};
};

struct LettersAnswer {
    std::vector<LetterAnswer> letters{};
    std::optional<std::string> next_cursor{};
    UtcTime timestamp{};
};

std::string encode_letters(const LettersAnswer& answer);

/// `message` is written as it is where it is JSON of the kind we read, else as text, and in base64
/// where it is no text either.
std::string encode_letter(
    const LetterAnswer& letter,
    std::string_view message,
    const std::vector<AttemptAnswer>& attempts
);

/// After it was requeued or discarded; `message` is for people.
std::string encode_resolved_letter(
    std::int64_t id,
    std::string_view state,
    std::string_view message,
    UtcTime timestamp
);

struct RedriveAnswer {
    std::int64_t requeued{};
    std::int64_t skipped{};
    bool more{};
    UtcTime timestamp{};
};

std::string encode_redrive(const RedriveAnswer& answer);

}  // namespace libra
