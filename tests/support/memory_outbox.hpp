#pragma once

#include "shared/base/clock.hpp"
#include "shared/storage/outbox_store.hpp"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <utility>

namespace libra::testing {

/// An outbox in memory that keeps the store's promises about holds and delays, in the time of
/// `clock`. Can be told to fail.
class MemoryOutbox final : public OutboxStore {
public:
    explicit MemoryOutbox(Clock& clock) : clock_{clock} {}

    void add(OutboxRow row)
    {
        const std::scoped_lock lock{mutex_};
        const auto id = row.id;
        entries_[id] = {.row = std::move(row), .due = clock_.now(), .token = {}};
    }

    void fail_with(std::optional<Error> error)
    {
        const std::scoped_lock lock{mutex_};
        failure_ = std::move(error);
    }

    /// Called after each claim, outside the lock.
    void after_claim(std::function<void(int claims)> callback)
    {
        after_claim_ = std::move(callback);
    }

    int claims() const
    {
        const std::scoped_lock lock{mutex_};
        return claims_;
    }

    std::size_t size() const
    {
        const std::scoped_lock lock{mutex_};
        return entries_.size();
    }

    /// Blocks until nothing is left, or `stop` is requested.
    bool wait_until_empty(const std::stop_token& stop)
    {
        std::unique_lock lock{mutex_};
        return changed_.wait(lock, stop, [this] { return entries_.empty(); });
    }

    bool wait_for_claims(int count, const std::stop_token& stop)
    {
        std::unique_lock lock{mutex_};
        return changed_.wait(lock, stop, [&] { return claims_ >= count; });
    }

    Result<std::vector<OutboxRow>>
    claim(const std::string& token, int limit, std::chrono::seconds hold) override
    {
        std::vector<OutboxRow> rows;
        int claims = 0;
        std::optional<Error> failure;
        {
            const std::scoped_lock lock{mutex_};
            claims = ++claims_;
            failure = failure_;
            for (auto& [id, entry] : entries_) {
                const bool room = std::cmp_less(rows.size(), limit);
                if (!failure && room && entry.due <= clock_.now()) {
                    entry.token = token;
                    entry.due = clock_.now() + hold;
                    rows.push_back(entry.row);
                }
            }
            changed_.notify_all();
        }
        if (after_claim_) {
            after_claim_(claims);
        }
        return failure ? Result<std::vector<OutboxRow>>{*failure} : rows;
    }

    Result<void> remove(const std::string& token, const std::vector<std::int64_t>& ids) override
    {
        const std::scoped_lock lock{mutex_};
        if (failure_) {
            return *failure_;
        }
        for (const std::int64_t id : ids) {
            const auto found = entries_.find(id);
            if (found != entries_.end() && found->second.token == token) {
                entries_.erase(found);
            }
        }
        changed_.notify_all();
        return {};
    }

    Result<void> release(
        const std::string& token,
        const std::vector<std::int64_t>& ids,
        std::chrono::milliseconds delay
    ) override
    {
        const std::scoped_lock lock{mutex_};
        if (failure_) {
            return *failure_;
        }
        for (const std::int64_t id : ids) {
            Entry& entry = entries_.at(id);
            if (entry.token == token) {
                entry.due = clock_.now() + delay;
                entry.token.clear();
            }
        }
        return {};
    }

    Result<std::optional<std::chrono::milliseconds>> next_due() override
    {
        const std::scoped_lock lock{mutex_};
        std::optional<std::chrono::milliseconds> next;
        for (const auto& [id, entry] : entries_) {
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(entry.due - clock_.now());
            const auto due = std::max(left, std::chrono::milliseconds{0});
            next = next ? std::min(*next, due) : due;
        }
        return next;
    }

private:
    struct Entry {
        OutboxRow row{};
        Instant due{};
        std::string token{};
    };

    Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::function<void(int)> after_claim_;
    std::map<std::int64_t, Entry> entries_;
    std::optional<Error> failure_;
    int claims_{0};
};

}  // namespace libra::testing
