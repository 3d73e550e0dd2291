#pragma once

#include "shared/broker/publisher.hpp"

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace libra::testing {

/// Keeps every message, and answers each one with what `decide` says; success by default.
class ScriptedPublisher final : public Publisher {
public:
    using Decide = std::function<Result<void>(const OutgoingMessage&)>;

    std::vector<Result<void>> publish(std::span<const OutgoingMessage> messages) override
    {
        const std::scoped_lock lock{mutex_};
        std::vector<Result<void>> answers;
        for (const OutgoingMessage& message : messages) {
            sent_.push_back(message);
            answers.push_back(decide_ ? decide_(message) : Result<void>{});
        }
        return answers;
    }

    bool healthy() const override
    {
        const std::scoped_lock lock{mutex_};
        return healthy_;
    }

    std::optional<QueueReading> queue() const override { return std::nullopt; }

    void decide(Decide decide)
    {
        const std::scoped_lock lock{mutex_};
        decide_ = std::move(decide);
    }

    void be_healthy(bool healthy)
    {
        const std::scoped_lock lock{mutex_};
        healthy_ = healthy;
    }

    std::vector<OutgoingMessage> sent() const
    {
        const std::scoped_lock lock{mutex_};
        return sent_;
    }

private:
    mutable std::mutex mutex_;
    Decide decide_;
    bool healthy_{true};
    std::vector<OutgoingMessage> sent_;
};

}  // namespace libra::testing
