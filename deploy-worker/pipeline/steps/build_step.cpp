#include "deploy-worker/pipeline/steps/build_step.hpp"

#include "deploy-worker/build/plain_site.hpp"
#include "deploy-worker/build/rule_report.hpp"
#include "deploy-worker/masking/masking_sink.hpp"
#include "deploy-worker/pipeline/steps/build_variables.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace libra {

namespace {

std::string summary_of(const Artifact& artifact)
{
    std::string text =
        fmt::format("Site ready: {} files, {} bytes.", artifact.manifest.size(), artifact.bytes);
    if (!artifact.compressed.empty()) {
        text += fmt::format(
            " Compressed files: {}, {} of them from earlier releases.",
            artifact.compressed.size(),
            artifact.reused
        );
    }
    return text;
}

}  // namespace

Outcome<BuildEnvironment>
BuildStep::build(Job& job, const std::filesystem::path& site, StepControl& control)
{
    const Outcome<BuildEnvironment> environment =
        build_variables(projects_, secrets_, job, control.output);
    if (environment.has_error()) {
        return environment.error();
    }
    const Outcome<BuildStatistics> built = run_build(
        *job.sandbox,
        **job.plan,
        *environment,
        limits_,
        site,
        control.output,
        control.deadline,
        control.stop
    );
    if (built.has_error()) {
        return built.error();
    }
    job.build = *built;
    return *environment;
}

Outcome<void> BuildStep::run(Job& job, StepControl& control)
{
    if (job.plan->has_error()) {
        return job.plan->error();
    }
    const BuildPlan& plan = **job.plan;
    for (const std::string& reason : plan.reasons) {
        control.output.line(OutputStream::out, reason);
    }

    const std::filesystem::path site = job.directory / "site";
    std::error_code failed;
    std::filesystem::create_directories(site, failed);
    if (failed) {
        return transient_failure("the build", {Errc::unavailable, failed.message()});
    }
    BuildEnvironment environment;
    if (plan.needs_build) {
        Outcome<BuildEnvironment> built = build(job, site, control);
        if (built.has_error()) {
            return built.error();
        }
        environment = *std::move(built);
    } else if (Outcome<void> copied = copy_plain_site(job.tree / plan.site_directory, site);
               copied.has_error()) {
        return copied;
    }
    const ArtifactSettings settings{
        .compressed = job.directory / "compressed", .known = &compressed_, .limits = site_limits_};
    Outcome<Artifact> artifact = finish_artifact(site, settings, control.stop);
    if (artifact.has_error()) {
        return artifact.error();
    }
    job.artifact = *std::move(artifact);
    const Result<std::vector<std::string>> report = rule_report(site);
    if (report.has_error()) {
        return transient_failure("the build", report.error());
    }
    for (const std::string& line : *report) {
        control.output.line(OutputStream::out, masked(environment.secrets, line));
    }
    control.output.line(OutputStream::out, summary_of(*job.artifact));
    return {};
}

}  // namespace libra
