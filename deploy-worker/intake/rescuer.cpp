#include "deploy-worker/intake/rescuer.hpp"

#include <string>
#include <utility>

namespace libra {

Rescuer::Rescuer(
    RescueStore& store,
    Target& target,
    Backlog backlog,
    Log log,
    WorkObserver& observer
)
    : store_{store},
      target_{target},
      backlog_{std::move(backlog)},
      log_{std::move(log)},
      observer_{observer}
{
}

void Rescuer::pass()
{
    report(
        RescueKind::message, "deployments announced again", store_.announce_lost(backlog_() == 0)
    );
    report(RescueKind::slot, "free slots given to waiting deployments", store_.fill_slots());
    report("old idempotency keys forgotten", store_.forget_keys());
}

void Rescuer::settle_sites()
{
    const auto switch_back = [this](const LiveSite& site) { return restore(site); };
    const auto follow = [this](const LiveName& live) {
        return target_.switch_name(
            {.name = live.name, .ticket = live.ticket, .release_name = live.release_name}
        );
    };
    report(
        RescueKind::site, "sites switched back to what is live", store_.restore_sites(switch_back)
    );
    report(RescueKind::name, "names switched", store_.follow_site_changes(follow));
}

void Rescuer::report(RescueKind kind, const char* what, const Result<int>& outcome)
{
    report(what, outcome);
    if (outcome.has_value()) {
        observer_.rescued(kind, *outcome);
    }
}

void Rescuer::report(const char* what, const Result<int>& outcome)
{
    if (outcome.has_error()) {
        log_.warning("rescue put off", {{"what", what}, {"reason", outcome.error().detail}});
    } else if (*outcome > 0) {
        log_.info(what, {{"number", std::to_string(*outcome)}});
    }
}

Result<void> Rescuer::restore(const LiveSite& site)
{
    return target_.switch_to(
        {.site_label = site.site_label,
         .domains = site.domains,
         .ticket = site.ticket,
         .release_name = site.release_name}
    );
}

}  // namespace libra
