#include "deploy-worker/pipeline/steps/build_step.hpp"

#include "deploy-worker/build/plain_site.hpp"
#include "deploy-worker/build/rule_report.hpp"
#include "deploy-worker/build/site_check.hpp"
#include "deploy-worker/diagnosis/report_lines.hpp"
#include "deploy-worker/masking/masking_sink.hpp"
#include "deploy-worker/pipeline/steps/build_failure.hpp"
#include "deploy-worker/pipeline/steps/build_variables.hpp"
#include "deploy-worker/pipeline/steps/dependency_cache.hpp"
#include "deploy-worker/pipeline/steps/framework_cache.hpp"
#include "deploy-worker/pipeline/steps/release_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
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

/// What is taken out of the sandbox has bounds of its own, which a larger site moves; within them
/// the check of the finished site says more exactly what is too much.
Sandbox::CollectLimits collect_limits(const SiteLimits& site)
{
    const Sandbox::CollectLimits usual;
    return {
        .files = std::max(usual.files, site.files),
        .bytes = std::max(usual.bytes, site.bytes),
        .file_bytes = std::max(usual.file_bytes, site.file_bytes)};
}

}  // namespace

Outcome<void> BuildStep::build(
    Job& job,
    const std::filesystem::path& site,
    StepControl& control,
    PatternSet& secrets
)
{
    const Outcome<BuildEnvironment> environment = build_variables(secrets_, job, control.output);
    if (environment.has_error()) {
        return environment.error();
    }
    secrets = environment->secrets;
    const bool present = job.dependencies.outcome == DependencyUse::Outcome::hit;
    if (present) {
        control.output.line(OutputStream::out, said_of_hit(job.dependencies));
        job.framework_cache = restore_framework_cache(cache_, control.clock, job);
    }
    const Dependencies dependencies{
        .present = present,
        .scripts = job.dependencies.scripts,
        .tools_present = job.tools.size() == (**job.plan).tools.size(),
        .installed = [&](std::chrono::milliseconds cost) {
            Result<void> kept = keep_dependencies(cache_, job, cost, control.output);
            if (kept.has_value()) {
                job.framework_cache = restore_framework_cache(cache_, control.clock, job);
            }
            return kept;
        }};
    const Outcome<BuildStatistics> built = run_build(
        *job.sandbox,
        **job.plan,
        *environment,
        {.sandbox = limits_, .output = collect_limits(site_limits_)},
        site,
        {.platform = control.output, .commands = control.commands},
        control.deadline,
        control.stop,
        dependencies
    );
    if (built.has_error()) {
        return built.error();
    }
    job.build = *built;
    return {};
}

Outcome<void> BuildStep::make_site(Job& job, StepControl& control, PatternSet& secrets)
{
    if (job.plan->has_error()) {
        return job.plan->error().failure;
    }
    if (job.reused) {
        control.output.line(OutputStream::out, "No build needed: see the step before.");
        return {};
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
    if (plan.needs_build) {
        if (Outcome<void> built = build(job, site, control, secrets); built.has_error()) {
            return built;
        }
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
        control.output.line(OutputStream::out, masked(secrets, line));
    }
    for (const std::string& warning : warnings_about(job.artifact->manifest)) {
        control.output.line(OutputStream::out, warning);
    }
    control.output.line(OutputStream::out, summary_of(*job.artifact));
    return {};
}

Outcome<void> BuildStep::run(Job& job, StepControl& control)
{
    const auto allowed = std::chrono::duration_cast<std::chrono::milliseconds>(
        control.deadline - control.clock.now()
    );
    PatternSet secrets;
    const Outcome<void> made = make_site(job, control, secrets);
    if (made.has_value() || control.stop.stop_requested()) {
        return made;
    }
    Failure failure =
        explained(made.error(), job, {.limits = limits_, .allowed = allowed, .secrets = secrets});
    if (failure.report) {
        failure.report->changes = changes_since_good_release(projects_, objects_, job);
    }
    for (const std::string& line : report_lines(failure)) {
        control.output.line(OutputStream::err, line);
    }
    return failure;
}

}  // namespace libra
