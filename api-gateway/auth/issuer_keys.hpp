#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"
#include "shared/net/http_client.hpp"
#include "shared/wire/jwk.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

/// @file The keys an issuer of JWTs publishes, kept so that a request seldom waits for it.

namespace libra {

using SharedJwkSet = std::shared_ptr<const JwkSet>;

struct KeyPolicy {
    std::chrono::milliseconds fresh_for{std::chrono::minutes{10}};
    std::chrono::milliseconds usable_for{std::chrono::hours{1}};
    std::chrono::milliseconds pause{std::chrono::seconds{10}};  // after each answer and failure
    std::chrono::milliseconds timeout{std::chrono::seconds{3}};
    std::size_t most_waiting{4};  // threads, for one that is asking
};

/// Thread-safe. One thread at a time asks the issuer, whoever else wants to know.
class IssuerKeys {
public:
    /// `http` and `clock` must outlive it.
    IssuerKeys(std::string url, HttpClient& http, Clock& clock, Log log, KeyPolicy policy = {});

    /// Asks for the keys at once, then whenever they are not fresh any more, and after a failure
    /// again and again. Until `stop`.
    void keep_fresh(const std::stop_token& stop);

    /// The keys that were fetched last, the same object as long as they do not change. Blocks only
    /// where there are none, as `newer_than`.
    /// @return `unavailable` if none were fetched for `usable_for`.
    Result<SharedJwkSet> keys();

    /// For a token with a key that is not in `known`: asks the issuer again, unless that was done
    /// within `pause`, so that made-up keys do not become its load. Blocks for at most `timeout`.
    ///
    /// @return maybe `known` again, if that is what the issuer has; `unavailable` if it did not
    ///         answer, or if too many wait for its answer.
    Result<SharedJwkSet> newer_than(const SharedJwkSet& known);

private:
    class Asking;
    using Lock = std::unique_lock<std::mutex>;

    void ask(Lock& lock, const std::stop_token& stop);
    Result<std::string> fetch(const std::stop_token& stop);
    Result<void> take(const Result<std::string>& text);
    Result<void> ask_or_wait(Lock& lock);
    bool usable() const;

    const std::string url_;
    HttpClient& http_;
    Clock& clock_;
    Log log_;
    const KeyPolicy policy_;
    std::mutex mutex_;
    std::condition_variable answered_;
    bool asking_{false};
    std::size_t waiting_{0};
    bool failed_{false};  // when it was asked last
    std::optional<Instant> asked_at_;
    std::optional<Instant> fetched_at_;
    std::string text_;
    SharedJwkSet keys_;  // null until the first answer
};

}  // namespace libra
