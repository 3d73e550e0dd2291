#include "shared/broker/confirm_tracker.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace libra {

void ConfirmTracker::begin(std::span<const OutgoingMessage> messages)
{
    messages_ = messages;
    entries_.assign(messages.size(), Entry{});
}

void ConfirmTracker::sent()
{
    entries_.at(sent_).state = State::open;
    ++sent_;
    ++open_;
}

void ConfirmTracker::take(const Confirmed& confirmed)
{
    if (confirmed.tag < first_tag_ || confirmed.tag - first_tag_ >= sent_) {
        return;
    }
    const std::size_t last = confirmed.tag - first_tag_;
    for (std::size_t i = confirmed.multiple ? 0 : last; i <= last; ++i) {
        settle(entries_[i], confirmed.taken);
    }
}

void ConfirmTracker::take(const Returned& returned)
{
    for (std::size_t i = 0; i < sent_; ++i) {
        if (entries_[i].state == State::open && messages_[i].message_id == returned.message_id) {
            entries_[i] = {
                .state = State::returned,
                .reason = fmt::format("no queue takes it ({})", returned.reason)};
            return;
        }
    }
}

void ConfirmTracker::take_missing_exchange(std::string_view words)
{
    for (std::size_t i = 0; i < sent_; ++i) {
        Entry& entry = entries_[i];
        const std::string name = fmt::format("no exchange '{}'", messages_[i].exchange);
        if (entry.state == State::open && words.find(name) != std::string_view::npos) {
            entry.reason = name;
            settle(entry, false);
        }
    }
}

std::vector<Result<void>> ConfirmTracker::finish(const Error& why)
{
    std::vector<Result<void>> answers;
    answers.reserve(entries_.size());
    for (const Entry& entry : entries_) {
        if (entry.state == State::confirmed) {
            answers.emplace_back();
        } else if (entry.state == State::refused) {
            answers.emplace_back(Error{Errc::rejected, entry.reason});
        } else {
            answers.emplace_back(why);
        }
    }
    // What still comes for these messages must find nothing: their memory is the caller's again.
    first_tag_ += sent_;
    sent_ = 0;
    open_ = 0;
    messages_ = {};
    entries_.clear();
    return answers;
}

void ConfirmTracker::settle(Entry& entry, bool taken)
{
    if (entry.state != State::open && entry.state != State::returned) {
        return;
    }
    --open_;
    if (entry.state == State::open && taken) {
        entry.state = State::confirmed;
        return;
    }
    entry.state = State::refused;
    if (entry.reason.empty()) {
        entry.reason = "the broker refused it; the queue is full";
    }
}

}  // namespace libra
