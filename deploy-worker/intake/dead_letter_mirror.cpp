#include "deploy-worker/intake/dead_letter_mirror.hpp"

#include "shared/wire/queue_message.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <string_view>

namespace libra {

namespace {

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

DeadLetterMirror::DeadLetterMirror(DeadLetterStore& store, DeadLetterQueue& queue, Log log)
    : store_{store}, queue_{queue}, log_{std::move(log)}
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
    const Result<Counts> before = count();
    if (before.has_error()) {
        return before.error();
    }
    if (before->first == before->second || settled_ == *before) {
        return {};
    }
    std::set<std::int64_t> seen;
    const auto keeps_it = [&](const DeadMessage& message) { return keeps(message, seen); };
    if (const Result<bool> whole = queue_.visit(keeps_it, stop); whole.has_error()) {
        return whole.error();
    }
    const Result<Counts> after = count();
    if (after.has_error()) {
        return after.error();
    }
    settled_ = *after;
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

Result<bool> DeadLetterMirror::keeps(const DeadMessage& message, std::set<std::int64_t>& seen)
{
    LetterCopy copy = LetterCopy::unknown;
    if (const auto letter = letter_of(message)) {
        if (!seen.insert(*letter).second) {
            return false;
        }
        const Result<LetterCopy> found = store_.copy_of(*letter);
        if (found.has_error()) {
            return found.error();
        }
        copy = *found;
    }
    if (copy == LetterCopy::unknown) {
        if (const Result<void> buried = bury(message); buried.has_error()) {
            return buried.error();
        }
    }
    return copy == LetterCopy::wanted;
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
    return store_.bury(message.body, reason, deployment);
}

}  // namespace libra
