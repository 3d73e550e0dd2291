#include "deploy-worker/pipeline/steps/sandbox_step.hpp"

#include <fmt/format.h>

namespace libra {

SandboxStep::SandboxStep(
    SandboxProvider& provider,
    NodeVersions& node_versions,
    ObjectStore& objects,
    SandboxLimits limits
)
    : provider_{provider}, node_versions_{node_versions}, objects_{objects}, limits_{limits}
{
}

Outcome<void> SandboxStep::plan(Job& job, StepControl& control)
{
    const ReadSource read = [&](const std::string& path) -> Result<std::optional<std::string>> {
        const auto file = job.source.find(path);
        if (file == job.source.end()) {
            return std::optional<std::string>{};
        }
        Result<std::string> bytes = objects_.get(file->second.digest);
        if (bytes.has_error()) {
            return bytes.error();
        }
        return std::optional{*std::move(bytes)};
    };
    job.plan = plan_build(job.source, read, job.settings);
    if (job.plan->has_error() || !(*job.plan)->needs_build) {
        return {};
    }
    const Outcome<NodeChoice> node = node_versions_.find(
        (*job.plan)->node_wish,
        {.id = job.claim.lease.deployment_id, .limits = limits_},
        control.deadline,
        control.stop
    );
    if (node.has_value()) {
        use_node(**job.plan, *node);
    } else if (node.error().failure_class == FailureClass::user) {
        job.plan = node.error();
    } else {
        return node.error();
    }
    return {};
}

Outcome<void> SandboxStep::run(Job& job, StepControl& control)
{
    if (Outcome<void> planned = plan(job, control); planned.has_error()) {
        return planned;
    }
    if (job.plan->has_error()) {
        return {};
    }
    if (!(*job.plan)->needs_build) {
        control.output.line(OutputStream::out, "No sandbox needed: there is nothing to build.");
        return {};
    }
    Result<std::unique_ptr<Sandbox>> sandbox =
        provider_.create({.id = job.claim.lease.deployment_id, .limits = limits_});
    if (sandbox.has_error()) {
        return transient_failure("the preparation of the build sandbox", sandbox.error());
    }
    job.sandbox = *std::move(sandbox);
    if (const Result<void> uploaded = job.sandbox->upload(job.tree); uploaded.has_error()) {
        if (uploaded.error().code == Errc::limit_exceeded) {
            return Failure{
                .failure_class = FailureClass::resource,
                .code = "out_of_disk",
                .message = fmt::format(
                    "The files of the project do not fit on the build disk (limit: {} MiB).",
                    limits_.disk_bytes >> 20U
                ),
                .detail = uploaded.error().detail,
            };
        }
        return transient_failure("the copy of the files into the build sandbox", uploaded.error());
    }
    control.output.line(
        OutputStream::out,
        fmt::format(
            "Sandbox ready ({}): {} MiB memory, {} MiB disk, {} processes.",
            provider_.name(),
            limits_.memory_bytes >> 20U,
            limits_.disk_bytes >> 20U,
            limits_.processes
        )
    );
    return {};
}

}  // namespace libra
