#include "deploy-worker/intake/dead_letter_mirror.hpp"

#include "shared/wire/queue_message.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <string_view>

namespace libra {

namespace {

constexpr int k_most_letters = 10'000;  // more are not seen in one visit

std::optional<std::int64_t> letter_of(const DeadMessage& message)
{
    const auto header = message.headers.find(k_letter_header);
    if (header == message.headers.end()) {
        return std::nullopt;
    }
    const std::string& text = header->second;
    std::int64_t id = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
    const bool whole = failed == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional{id} : std::nullopt;
}

/// RabbitMQ says why it moved a message in two headers.
std::string reason_of(const DeadMessage& message)
{
    const auto header = [&](const char* name) {
        const auto found = message.headers.find(name);
        return found == message.headers.end() ? std::string{} : found->second;
    };
    const std::string why = header("x-first-death-reason");
    if (why == "delivery_limit") {
        return "The broker gave up on it: it was delivered too often without being settled.";
    }
    if (!why.empty()) {
        return fmt::format(
            "The broker moved it from '{}': {}.", header("x-first-death-queue"), why
        );
    }
    return "It was put into the dead letter queue by somebody else.";
}

}  // namespace

DeadLetterMirror::DeadLetterMirror(
    DeadLetterStore& store,
    DeadLetterQueue& queue,
    Log log,
    WorkObserver& observer
)
    : store_{store}, queue_{queue}, log_{std::move(log)}, observer_{observer}
{
}

void DeadLetterMirror::pass(const std::stop_token& stop)
{
    if (const Result<void> compared = compare(stop); compared.has_error()) {
        log_.warning("dead letters not compared", {{"reason", compared.error().detail}});
    }
}

Result<void> DeadLetterMirror::compare(const std::stop_token& stop)
{
    const Result<Counts> counts = count();
    if (counts.has_error()) {
        return counts.error();
    }
    const bool in_vain = in_vain_ == *counts;
    const bool routine = ++passes_ % k_routine_look == 0;
    if (!routine && (counts->first == counts->second || in_vain)) {
        in_vain_ = in_vain ? std::optional{*counts} : std::nullopt;
        return {};
    }
    // Asked for before the visit, which need not see a copy that is sent later.
    const Result<std::vector<std::int64_t>> letters = store_.letters_sent(k_most_letters);
    if (letters.has_error()) {
        return letters.error();
    }
    Look look;
    const Result<bool> whole =
        queue_.visit([&](const DeadMessage& message) { return keeps(message, look); }, stop);
    if (whole.has_error()) {
        return whole.error();
    }
    const bool useful = *whole || look.dropped > 0;
    in_vain_ = useful ? std::nullopt : std::optional{*counts};
    return *whole ? send_missing(*letters, look) : Result<void>{};
}

Result<void> DeadLetterMirror::send_missing(std::vector<std::int64_t> letters, const Look& look)
{
    std::erase_if(letters, [&](std::int64_t letter) { return look.kept.contains(letter); });
    if (letters.empty()) {
        return {};
    }
    const Result<std::int64_t> sent = store_.send_again(letters);
    if (sent.has_error()) {
        return sent.error();
    }
    log_.info("missing copies of dead letters sent again", {{"number", std::to_string(*sent)}});
    return {};
}

Result<DeadLetterMirror::Counts> DeadLetterMirror::count()
{
    const Result<std::int64_t> wanted = store_.copies_sent();
    if (wanted.has_error()) {
        return wanted.error();
    }
    const Result<std::int64_t> found = queue_.depth();
    if (found.has_error()) {
        return found.error();
    }
    return Counts{*wanted, *found};
}

Result<bool> DeadLetterMirror::keeps(const DeadMessage& message, Look& look)
{
    const std::optional<std::int64_t> letter = letter_of(message);
    const Result<LetterCopy> copy =
        letter ? store_.copy_of(*letter, message.body) : Result<LetterCopy>{LetterCopy::unknown};
    if (copy.has_error()) {
        return copy.error();
    }
    if (*copy == LetterCopy::unknown) {
        if (const Result<void> buried = bury(message); buried.has_error()) {
            return buried.error();
        }
    }
    const bool kept = *copy == LetterCopy::wanted && look.kept.insert(*letter).second;
    look.dropped += kept ? 0 : 1;
    return kept;
}

Result<void> DeadLetterMirror::bury(const DeadMessage& message)
{
    const std::string reason = reason_of(message);
    const Result<QueueMessage> readable = decode_queue_message(message.body);
    const auto deployment =
        readable.has_value() ? std::optional{readable->deployment_id} : std::nullopt;
    log_.warning(
        "dead letter of the broker recorded",
        {{"reason", reason}, {"deployment_id", deployment.value_or("")}}
    );
    Result<void> buried = store_.bury(message.body, reason, deployment);
    if (buried.has_value()) {
        observer_.buried(DeadLetterSource::broker);
    }
    return buried;
}

}  // namespace libra
