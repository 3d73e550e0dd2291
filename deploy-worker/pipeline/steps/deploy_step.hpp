#pragma once

#include "deploy-worker/pipeline/step.hpp"
#include "deploy-worker/targets/target.hpp"
#include "shared/objects/object_store.hpp"
#include "shared/storage/release_store.hpp"

/// @file Step 5: the site is put on the target, checked there, and made live.

namespace libra {

class DeployStep final : public Step {
public:
    /// The references must outlive the step.
    DeployStep(Target& target, ReleaseStore& releases, ObjectStore& objects);

    StepName name() const override { return StepName::deploy; }

    std::string milestone() const override { return "Deploying to hosting..."; }

    std::chrono::milliseconds time_limit() const override { return std::chrono::seconds{120}; }

    /// While the database or the target does not answer, the switch is tried again for a minute: a
    /// short outage costs no attempt.
    ///
    /// A failure leaves the release before live and untouched. User failure: `superseded`, when a
    /// newer deployment of the project went live first.
    Outcome<void> run(Job& job, StepControl& control) override;

private:
    /// Uploads, and keeps the manifest meanwhile: both wait for a disk.
    Outcome<ReleaseAddress> put_on_target(Job& job, const ReleaseSpec& release);

    /// @return the ticket of the switch.
    Outcome<std::int64_t> upload(Job& job, const ReleaseSpec& release, StepControl& control);
    Result<SwitchVerdict> insist_on_switch(
        const Job& job,
        const ReleaseSpec& release,
        std::int64_t ticket,
        StepControl& control
    );

    Target& target_;
    ReleaseStore& releases_;
    ObjectStore& objects_;
};

}  // namespace libra
