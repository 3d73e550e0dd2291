#include "api-gateway/auth/issuer_keys.hpp"

#include <utility>

namespace libra {

namespace {

constexpr std::uint64_t k_max_set_bytes = 256U << 10U;
constexpr int k_ok = 200;

}  // namespace

/// While it lives, this thread is the one that asks, without the lock.
class IssuerKeys::Asking {
public:
    Asking(IssuerKeys& keys, Lock& lock) : keys_{keys}, lock_{lock}
    {
        keys_.asking_ = true;
        lock_.unlock();
    }

    ~Asking()
    {
        lock_.lock();
        keys_.asking_ = false;
        keys_.asked_at_ = keys_.clock_.now();
        keys_.failed_ = true;  // until the answer is taken
        keys_.answered_.notify_all();
    }

    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

private:
    IssuerKeys& keys_;
    Lock& lock_;
};

IssuerKeys::IssuerKeys(std::string url, HttpClient& http, Clock& clock, Log log, KeyPolicy policy)
    : url_{std::move(url)}, http_{http}, clock_{clock}, log_{std::move(log)}, policy_{policy}
{
}

void IssuerKeys::keep_fresh(const std::stop_token& stop)
{
    std::chrono::milliseconds pause{};
    do {
        Lock lock{mutex_};
        if (!asking_) {
            ask(lock, stop);
        }
        pause = failed_ ? policy_.pause : policy_.fresh_for;
    } while (clock_.wait_for(pause, stop));
}

Result<SharedJwkSet> IssuerKeys::keys()
{
    Lock lock{mutex_};
    if (!usable()) {
        if (const Result<void> asked = ask_or_wait(lock); asked.has_error()) {
            return asked.error();
        }
    }
    return keys_;
}

Result<SharedJwkSet> IssuerKeys::newer_than(const SharedJwkSet& known)
{
    Lock lock{mutex_};
    if (keys_ == known) {
        if (const Result<void> asked = ask_or_wait(lock); asked.has_error()) {
            return asked.error();
        }
    }
    return keys_;
}

Result<void> IssuerKeys::ask_or_wait(Lock& lock)
{
    if (asking_) {
        if (waiting_ >= policy_.most_waiting) {
            return Error{Errc::unavailable, "too many wait for the keys of the issuer of JWTs"};
        }
        ++waiting_;
        answered_.wait(lock, [this] { return !asking_; });  // which has a deadline
        --waiting_;
    } else if (!asked_at_ || clock_.now() - *asked_at_ >= policy_.pause) {
        ask(lock, {});
    }
    if (failed_ || !usable()) {
        return Error{Errc::unavailable, "the issuer of JWTs does not tell its keys"};
    }
    return {};
}

bool IssuerKeys::usable() const
{
    return fetched_at_ && clock_.now() - *fetched_at_ < policy_.usable_for;
}

void IssuerKeys::ask(Lock& lock, const std::stop_token& stop)
{
    std::optional<Result<std::string>> text;
    {
        const Asking asking{*this, lock};
        text = fetch(stop);
    }
    const Result<void> taken = take(*text);
    failed_ = taken.has_error();
    if (failed_ && !stop.stop_requested()) {
        log_.warning(
            "the keys of the issuer of JWTs cannot be fetched",
            {{"url", url_}, {"reason", taken.error().detail}}
        );
    }
}

Result<std::string> IssuerKeys::fetch(const std::stop_token& stop)
{
    const HttpCall call{
        .url = url_,
        .headers = {{.name = "accept", .value = "application/json"}},
        .timeout = policy_.timeout,
        .max_body_bytes = k_max_set_bytes};
    Result<HttpReply> reply = http_.send(call, stop);
    if (reply.has_error()) {
        return reply.error();
    }
    if (reply->status != k_ok) {
        return Error{Errc::unavailable, "it answered " + std::to_string(reply->status)};
    }
    return std::move(reply->body);
}

Result<void> IssuerKeys::take(const Result<std::string>& text)
{
    if (text.has_error()) {
        return text.error();
    }
    if (!keys_ || *text != text_) {
        Result<JwkSet> parsed = parse_jwk_set(*text);
        if (parsed.has_error()) {
            return parsed.error();
        }
        keys_ = std::make_shared<const JwkSet>(*std::move(parsed));
        text_ = *text;
        log_.info(
            "the issuer of JWTs has new keys",
            {{"url", url_}, {"number", std::to_string(keys_->size())}}
        );
    }
    fetched_at_ = clock_.now();
    return {};
}

}  // namespace libra
