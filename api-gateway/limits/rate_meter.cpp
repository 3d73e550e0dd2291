#include "api-gateway/limits/rate_meter.hpp"

#include <algorithm>

namespace libra {

namespace {

using std::chrono::ceil;
using std::chrono::seconds;

constexpr Instant::duration k_period = std::chrono::minutes{1};

}  // namespace

RateMeter::RateMeter(int limit, std::size_t most_callers)
    : limit_{limit}, most_callers_{most_callers}
{
}

RateReading RateMeter::take(const std::string& caller, Instant now)
{
    const std::scoped_lock lock{mutex_};
    const auto known = callers_.find(caller);
    const Instant spent_until = known == callers_.end() ? now : known->second.spent_until;
    const Instant next = std::max(spent_until, now) + k_period / limit_;
    if (next - now > k_period) {
        RateReading refused = reading(spent_until, now);
        refused.allowed = false;
        return refused;
    }
    if (known != callers_.end()) {
        known->second.spent_until = next;
        by_use_.splice(by_use_.begin(), by_use_, known->second.place);
    } else {
        make_room();
        by_use_.push_front(caller);
        callers_.emplace(caller, Caller{.spent_until = next, .place = by_use_.begin()});
    }
    return reading(next, now);
}

RateReading RateMeter::look(const std::string& caller, Instant now) const
{
    const std::scoped_lock lock{mutex_};
    const auto known = callers_.find(caller);
    return reading(known == callers_.end() ? now : known->second.spent_until, now);
}

RateReading RateMeter::reading(Instant spent_until, Instant now) const
{
    const Instant::duration spent = std::max(spent_until - now, Instant::duration{});
    const Instant::duration each = k_period / limit_;
    const auto remaining = std::min(static_cast<int>((k_period - spent) / each), limit_);
    return {
        .limit = limit_,
        .remaining = remaining,
        .until_full = ceil<seconds>(spent),
        .until_next = remaining > 0 ? seconds{} : ceil<seconds>(spent + each - k_period)};
}

void RateMeter::make_room()
{
    if (callers_.size() >= most_callers_) {
        callers_.erase(by_use_.back());
        by_use_.pop_back();
    }
}

}  // namespace libra
