#include "deploy-worker/pipeline/steps/deploy_step.hpp"

#include "shared/base/failpoint.hpp"
#include "shared/wire/site_manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <vector>

using namespace std::chrono_literals;

namespace libra {

namespace {

bool may_pass(const Error& error)
{
    return error.code == Errc::unavailable || error.code == Errc::conflict;
}

std::vector<ReleaseFile> files_of(const Artifact& artifact)
{
    std::vector<ReleaseFile> files;
    files.reserve(artifact.manifest.size() + artifact.compressed.size());
    for (const SiteManifestFile& file : artifact.manifest) {
        files.push_back(
            {.path = file.path,
             .source = artifact.directory / file.path,
             .bytes = file.bytes,
             .content = file.digest}
        );
    }
    for (const CompressedFile& file : artifact.compressed) {
        files.push_back(
            {.path = file.path,
             .source = file.source,
             .bytes = file.bytes,
             .content = file.original,
             .form = file.form}
        );
    }
    return files;
}

}  // namespace

DeployStep::DeployStep(Target& target, ReleaseStore& releases, ObjectStore& objects)
    : target_{target}, releases_{releases}, objects_{objects}
{
}

Outcome<ReleaseAddress> DeployStep::put_on_target(Job& job, const ReleaseSpec& release)
{
    std::future<Result<Digest>> manifest;
    if (!job.uploaded) {
        manifest = std::async(std::launch::async, [this, &job] {
            return objects_.put(encode_site_manifest(job.artifact->manifest));
        });
    }
    const Result<ReleaseAddress> address = target_.upload(release);
    const Result<Digest> kept = manifest.valid() ? manifest.get() : Result<Digest>{Digest{}};
    if (address.has_error()) {
        return transient_failure("the upload of the site", address.error());
    }
    if (kept.has_error()) {
        return transient_failure("the keeping of the site's manifest", kept.error());
    }
    if (!job.uploaded) {
        job.uploaded = UploadedArtifact{
            .release_name = release.name,
            .digest = job.artifact->digest,
            .files = job.artifact->manifest.size(),
            .bytes = job.artifact->bytes,
            .manifest = *kept};
    }
    return *address;
}

Outcome<std::int64_t> DeployStep::upload(Job& job, const ReleaseSpec& release, StepControl& control)
{
    if (job.uploaded) {
        control.output.line(
            OutputStream::out, "The site was built and uploaded before; going on from there."
        );
    }
    const Outcome<ReleaseAddress> address = put_on_target(job, release);
    if (address.has_error()) {
        return address.error();
    }
    const Result<std::int64_t> ticket =
        releases_.record_upload(job.claim.lease, *job.uploaded, job.claim.source);
    if (ticket.has_error()) {
        return transient_failure("the recording of the upload", ticket.error());
    }
    job.address = *address;
    failpoint("deploy.uploaded");
    control.output.line(OutputStream::out, "Preview: " + address->preview_url);
    return *ticket;
}

Result<SwitchVerdict> DeployStep::insist_on_switch(
    const Job& job,
    const ReleaseSpec& release,
    std::int64_t ticket,
    StepControl& control
)
{
    constexpr auto k_patience = 60s;
    constexpr auto k_pause = 1s;
    const Instant give_up = std::min(control.deadline, control.clock.now() + k_patience);
    const auto flip = [&](const std::vector<std::string>& domains) {
        Result<void> switched = target_.switch_to(
            {.site_label = release.site_label,
             .domains = domains,
             .ticket = ticket,
             .release_name = release.name}
        );
        failpoint("deploy.flipped");
        return switched;
    };
    while (true) {
        Result<SwitchVerdict> verdict = releases_.switch_live(
            job.claim.lease,
            {.url = job.address->url, .preview_url = job.address->preview_url},
            flip
        );
        const bool again = verdict.has_error() && may_pass(verdict.error()) &&
                           control.clock.now() + k_pause < give_up;
        if (!again || !control.clock.wait_for(k_pause, control.stop)) {
            return verdict;
        }
        if (verdict.error().code == Errc::conflict) {
            const Result<std::int64_t> fresh =
                releases_.record_upload(job.claim.lease, *job.uploaded, job.claim.source);
            if (fresh.has_error() && !may_pass(fresh.error())) {
                return fresh.error();
            }
            ticket = fresh.has_value() ? *fresh : ticket;
        }
    }
}

Outcome<void> DeployStep::run(Job& job, StepControl& control)
{
    const ReleaseSpec release{
        .name = job.uploaded
                    ? job.uploaded->release_name
                    : fmt::format("{}-{}", job.claim.lease.deployment_id, job.claim.lease.fence),
        .deployment_id = job.claim.lease.deployment_id,
        .site_label = job.claim.site_label,
        .files = job.artifact ? files_of(*job.artifact) : std::vector<ReleaseFile>{},
    };
    const Outcome<std::int64_t> ticket = upload(job, release, control);
    if (ticket.has_error()) {
        return ticket.error();
    }
    const Result<void> verified = target_.verify(release, control.deadline, control.stop);
    if (verified.has_error()) {
        return transient_failure("the check that the new release answers", verified.error());
    }
    const Result<SwitchVerdict> switched = insist_on_switch(job, release, *ticket, control);
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
    failpoint("deploy.switched");
    control.output.line(OutputStream::out, "Live: " + job.address->url);
    return {};
}

}  // namespace libra
