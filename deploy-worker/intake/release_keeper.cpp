#include "deploy-worker/intake/release_keeper.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace libra {

ReleaseKeeper::ReleaseKeeper(RescueStore& store, Target& target, int kept, Log log)
    : store_{store}, target_{target}, kept_{kept}, log_{std::move(log)}
{
}

void ReleaseKeeper::pass(const std::stop_token& stop)
{
    const Result<int> forgotten = store_.forget_releases(kept_);
    if (forgotten.has_error()) {
        log_.warning("old releases stay", {{"reason", forgotten.error().detail}});
        return;
    }
    if (*forgotten > 0) {
        log_.info("old releases forgotten", {{"number", std::to_string(*forgotten)}});
    }
    remove_unneeded(stop);
    const Result<std::uint64_t> freed = target_.tidy(stop);
    if (freed.has_error()) {
        log_.warning("the target is not tidied", {{"reason", freed.error().detail}});
    } else if (*freed > 0) {
        log_.info("unused contents removed", {{"bytes", std::to_string(*freed)}});
    }
}

void ReleaseKeeper::remove_unneeded(const std::stop_token& stop)
{
    constexpr std::size_t k_most_asked = 1000;  // by one statement
    const Result<std::vector<std::string>> uploads = target_.uploads();
    if (uploads.has_error()) {
        log_.warning("old releases stay", {{"reason", uploads.error().detail}});
        return;
    }
    for (auto next = uploads->begin(); next != uploads->end() && !stop.stop_requested();) {
        const auto end = next + std::min<std::ptrdiff_t>(k_most_asked, uploads->end() - next);
        const auto unneeded = store_.unneeded_releases({next, end});
        if (unneeded.has_error()) {
            log_.warning("old releases stay", {{"reason", unneeded.error().detail}});
            return;
        }
        for (const std::string& name : *unneeded) {
            if (const Result<void> removed = target_.remove(name); removed.has_error()) {
                log_.warning(
                    "a release stays", {{"name", name}, {"reason", removed.error().detail}}
                );
            } else {
                log_.info("release removed", {{"name", name}});
            }
        }
        next = end;
    }
}

}  // namespace libra
