#pragma once

#include "shared/base/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// @file What is left to be put right when a process, a message or an answer was lost, and what
/// nobody else clears away.
///
/// Upstream: the rescuer of every worker. Downstream: PostgreSQL. Any number of workers may do this
/// at the same time.

namespace libra {

/// What a project's addresses have to serve.
struct LiveSite {
    std::string site_label{};
    std::vector<std::string> domains{};         // custom ones
    std::int64_t ticket{};                      // higher than that of every earlier switch
    std::optional<std::string> release_name{};  // nothing where no release is live
};

/// What one name has to serve.
struct LiveName {
    std::string name{};                         // a custom domain, or a label (which has no dot)
    std::int64_t ticket{};                      // higher than that of every earlier switch
    std::optional<std::string> release_name{};  // nothing where no release is live
};

/// Thread-safe; each call is one transaction, `restore_sites` one a project and
/// `follow_site_changes` one a name; `unavailable` when the database does not answer.
class RescueStore {
public:
    virtual ~RescueStore() = default;

    /// Makes the number of deployments that may run at the same time what is configured.
    virtual Result<void> set_slots(int number) = 0;

    /// Announces deployments whose worker died or whose message is gone, a limited number a call.
    ///
    /// @param queue_empty  whether the broker said a moment ago that no message waits. While some
    ///                     do, a message counts as gone only when much later ones have come out.
    /// @return how many were announced. A message that was not gone after all does no harm.
    virtual Result<int> announce_lost(bool queue_empty) = 0;

    /// Gives free slots to deployments that wait for one. @return how many got one.
    virtual Result<int> fill_slots() = 0;

    /// Forgets idempotency keys that do not count any more, a limited number a call.
    /// @return how many were forgotten.
    virtual Result<int> forget_keys() = 0;

    /// Forgets releases beyond the `kept` newest of each project, a limited number of projects a
    /// call; never one that is live, that a rollback would bring back or that is about to be live.
    /// From then on they cannot be promoted. @return how many were forgotten.
    virtual Result<int> forget_releases(int kept) = 0;

    /// @return those of the uploads `names` that are no release (any more) and that no deployment
    ///         under way needs. Nobody will need them again.
    virtual Result<std::vector<std::string>> unneeded_releases(const std::vector<std::string>& names
    ) = 0;

    /// Calls `restore` for projects whose target may serve something else than the database says,
    /// because a deployment that is over, or that is cancelled and nobody runs, had begun a switch
    /// and not finished it. The latter becomes `cancelled` with its site's restoration and not
    /// before. The project is locked meanwhile. A site whose `restore` fails is tried again at the
    /// next call.
    /// @return how many were restored.
    virtual Result<int> restore_sites(const std::function<Result<void>(const LiveSite&)>& restore
    ) = 0;

    /// Calls `follow` for names that were given to a project or taken from one since the target
    /// last heard of them, a limited number a call. The name is locked meanwhile, and so is the
    /// project that has it now. A name whose `follow` fails comes again at the next call, and so
    /// does one of a project that is about to switch.
    /// @return how many were followed.
    virtual Result<int>
    follow_site_changes(const std::function<Result<void>(const LiveName&)>& follow) = 0;
};

}  // namespace libra
