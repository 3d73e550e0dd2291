#pragma once

#include "deploy-worker/targets/target.hpp"
#include "shared/base/log.hpp"
#include "shared/storage/rescue_store.hpp"

#include <stop_token>

/// @file Which releases are kept: the newest of each project, and the bytes of no others.
///
/// Upstream: a timer of every worker. Downstream: RescueStore first, which from then on offers a
/// release to nobody, then Target.

namespace libra {

class ReleaseKeeper {
public:
    /// The references must outlive it. `kept` is the number of releases a project.
    ReleaseKeeper(RescueStore& store, Target& target, int kept, Log log);

    /// Does everything once. What fails is left to the next pass; what a crash interrupts is begun
    /// again there. Blocks while it reads the target's directories; ends early on `stop`.
    void pass(const std::stop_token& stop);

private:
    void remove_unneeded(const std::stop_token& stop);

    RescueStore& store_;
    Target& target_;
    int kept_;
    Log log_;
};

}  // namespace libra
