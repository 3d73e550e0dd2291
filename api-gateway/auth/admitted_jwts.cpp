#include "api-gateway/auth/admitted_jwts.hpp"

namespace libra {

bool AdmittedJwts::contains(const Digest& jwt, const SharedJwkSet& keys, UtcTime now)
{
    const std::scoped_lock lock{mutex_};
    follow(keys);
    const auto found = until_.find(jwt);
    return found != until_.end() && now < found->second;
}

void AdmittedJwts::add(const Digest& jwt, const SharedJwkSet& keys, UtcTime until)
{
    const std::scoped_lock lock{mutex_};
    follow(keys);
    if (until_.insert_or_assign(jwt, until).second) {
        by_age_.push_back(jwt);
    }
    if (until_.size() > most_) {
        until_.erase(by_age_.front());
        by_age_.pop_front();
    }
}

void AdmittedJwts::follow(const SharedJwkSet& keys)
{
    if (keys_ != keys) {
        keys_ = keys;
        until_.clear();
        by_age_.clear();
    }
}

}  // namespace libra
