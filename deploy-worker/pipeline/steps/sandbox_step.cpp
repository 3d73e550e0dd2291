#include "deploy-worker/pipeline/steps/sandbox_step.hpp"

#include "deploy-worker/pipeline/steps/dependency_cache.hpp"
#include "deploy-worker/pipeline/steps/download_cache.hpp"
#include "deploy-worker/pipeline/steps/tool_cache.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

SandboxStep::SandboxStep(
    SandboxProvider& provider,
    NodeVersions& node_versions,
    ObjectStore& objects,
    ProjectStore& projects,
    CacheStore& cache,
    Target& target,
    SandboxLimits limits
)
    : provider_{provider},
      node_versions_{node_versions},
      objects_{objects},
      projects_{projects},
      cache_{cache},
      target_{target},
      limits_{limits}
{
}

bool SandboxStep::reuse(Job& job, StepControl& control)
{
    const auto key = key_of_build(control.clock, job);
    if (!key) {
        return false;
    }
    const auto found = projects_.note_build(job.claim.lease, *key);
    // Who asks for the same deployment again wants to see it built.
    const bool allowed = job.params.use_cache && job.claim.kind == DeploymentKind::deploy;
    if (!allowed || found.has_error() || !*found || !target_.has((*found)->artifact.release_name)) {
        return false;
    }
    job.reused = **found;
    job.uploaded = job.reused->artifact;
    control.output.line(
        OutputStream::out,
        fmt::format(
            "No sandbox needed: deployment {} was built from the same files, settings and "
            "variables, and its site is used again (saved {}).",
            job.reused->deployment_id,
            in_seconds(job.reused->took)
        )
    );
    return true;
}

Outcome<void> SandboxStep::make_sandbox(Job& job, StepControl& control)
{
    SandboxSpec spec{.id = job.claim.lease.deployment_id, .limits = limits_};
    DependencyUse& use = job.dependencies;
    if (provider_.has_images() && cache_.enabled()) {
        job.tools = tool_entries(cache_, provider_, spec, (**job.plan).tools, control);
    }
    for (const CacheEntry& tool : job.tools) {
        spec.homes.push_back(tool.content);
    }
    for (const CacheEntry& installation : job.downloads) {
        spec.homes.push_back(installation.content);
    }
    if (use.entry) {
        spec.base = use.entry->content;
        // What the project's own scripts made of another tree is not to be found here.
        if (!use.scripts.empty()) {
            spec.base_keeps = {
                "node_modules", ".yarn", ".pnp.cjs", ".pnp.data.json", ".pnp.loader.mjs"};
        }
    }
    Result<std::unique_ptr<Sandbox>> sandbox = provider_.create(spec);
    if (sandbox.has_error() && sandbox.error().code == Errc::rejected) {
        // Whichever is damaged, all are made anew.
        if (use.entry) {
            cache_.drop(CacheKind::dependencies, use.entry->key, sandbox.error().detail);
            use = {.outcome = DependencyUse::Outcome::miss, .key = use.key};
        }
        for (const CacheEntry& earlier : std::exchange(job.downloads, {})) {
            cache_.drop(CacheKind::dependencies, earlier.key, sandbox.error().detail);
        }
        for (const CacheEntry& tool : std::exchange(job.tools, {})) {
            cache_.drop(CacheKind::tools, tool.key, sandbox.error().detail);
        }
        spec.base.reset();
        spec.homes.clear();
        sandbox = provider_.create(spec);
    }
    if (sandbox.has_error()) {
        return transient_failure("the preparation of the build sandbox", sandbox.error());
    }
    job.sandbox = *std::move(sandbox);
    return {};
}

ReadSource SandboxStep::reader_of(const Job& job)
{
    return [this, &job](const std::string& path) -> Result<std::optional<std::string>> {
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
}

Outcome<void> SandboxStep::plan(Job& job, StepControl& control)
{
    job.plan = plan_build(job.source, reader_of(job), job.settings);
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
        job.plan = NoPlan{node.error(), **job.plan};
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
    Result<std::vector<StoredVariable>> variables = projects_.variables(job.claim.lease);
    if (variables.has_error()) {
        return transient_failure("the reading of the project's variables", variables.error());
    }
    job.variables = *std::move(variables);
    if (reuse(job, control)) {
        return {};
    }
    if (provider_.has_images()) {
        find_dependencies(cache_, control.clock, reader_of(job), job);
        find_downloads(cache_, control.clock, job);
    }
    if (Outcome<void> made = make_sandbox(job, control); made.has_error()) {
        return made;
    }
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
    if (!job.downloads.empty()) {
        control.output.line(
            OutputStream::out,
            fmt::format(
                "Downloads: at hand from {} earlier installation(s) of this project.",
                job.downloads.size()
            )
        );
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
