#include "deploy-worker/pipeline/steps/deploy_step.hpp"

#include "shared/domain/rules.hpp"

namespace libra {

DeployStep::DeployStep(Target& target, ReleaseStore& releases)
    : target_{target}, releases_{releases}
{
}

Outcome<void> DeployStep::run(Job& job, StepControl& control)
{
    const ReleaseSpec release{
        .deployment_id = job.claim.lease.deployment_id,
        .site_label = job.claim.site_label,
        .custom_domain = job.params.custom_domain,
        .artifact = job.artifact->directory,
    };
    const Result<ReleaseAddress> address = target_.upload(release);
    if (address.has_error()) {
        return transient_failure("the upload of the site", address.error());
    }
    control.output.line(OutputStream::out, "Preview: " + address->preview_url);
    const Result<void> verified = target_.verify(release, control.deadline, control.stop);
    if (verified.has_error()) {
        return transient_failure("the check that the new release answers", verified.error());
    }
    const Result<SwitchVerdict> switched = releases_.switch_live(
        job.claim.lease,
        {.artifact = job.artifact->digest,
         .files = job.artifact->files,
         .bytes = job.artifact->bytes},
        [&] { return target_.make_live(release); }
    );
    if (switched.has_error()) {
        return transient_failure("the switch to the new release", switched.error());
    }
    if (*switched == SwitchVerdict::superseded) {
        return Failure{
            .failure_class = FailureClass::user,
            .code = "superseded",
            .message = "A newer deployment of this project is live already.",
        };
    }
    job.address = *address;
    control.output.line(OutputStream::out, "Live: " + address->url);
    return {};
}

}  // namespace libra
