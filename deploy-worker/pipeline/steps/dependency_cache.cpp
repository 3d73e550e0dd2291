#include "deploy-worker/pipeline/steps/dependency_cache.hpp"

#include "deploy-worker/cache/build_key.hpp"
#include "deploy-worker/cache/dependency_key.hpp"
#include "deploy-worker/cache/host_toolchain.hpp"
#include "deploy-worker/cache/own_scripts.hpp"
#include "deploy-worker/pipeline/steps/download_cache.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

namespace {

/// A secret is in a key as it is sealed: that says nothing of it.
std::vector<std::string> variables_of(const Job& job)
{
    std::vector<std::string> variables;
    for (const StoredVariable& variable : job.variables) {
        variables.push_back(
            variable.name + (variable.secret ? "=sealed " : "=plain ") + variable.value
        );
    }
    return variables;
}

Result<std::optional<Digest>> key_of(Clock& clock, const ReadSource& read, const Job& job)
{
    Result<std::string> toolchain = host_toolchain(clock);
    if (toolchain.has_error()) {
        return toolchain.error();
    }
    return dependency_key(
        job.source,
        read,
        **job.plan,
        {.organization = job.claim.org_id,
         .project = job.claim.project_id,
         .toolchain = *std::move(toolchain),
         .variables = variables_of(job)}
    );
}

}  // namespace

std::optional<Digest> key_of_build(Clock& clock, const Job& job)
{
    Result<std::string> toolchain = host_toolchain(clock);
    if (toolchain.has_error()) {
        return std::nullopt;
    }
    return build_key(
        job.source,
        **job.plan,
        {.project = job.claim.project_id,
         .toolchain = *std::move(toolchain),
         .variables = variables_of(job)}
    );
}

std::string in_seconds(std::chrono::milliseconds time)
{
    constexpr double k_milliseconds = 1000;
    return fmt::format("{:.1f} s", static_cast<double>(time.count()) / k_milliseconds);
}

void find_dependencies(CacheStore& cache, Clock& clock, const ReadSource& read, Job& job)
{
    DependencyUse& use = job.dependencies;
    use = {};
    if (!cache.enabled()) {
        return;
    }
    const auto key = key_of(clock, read, job);
    if (key.has_error() || !*key) {
        return;
    }
    use.key = **key;
    if (!job.params.use_cache) {
        cache.forget(CacheKind::dependencies, *use.key);
    }
    use.entry = cache.find(CacheKind::dependencies, *use.key);
    if (auto scripts = own_scripts(**job.plan, read); use.entry && scripts.has_value()) {
        use.scripts = *std::move(scripts);
    }
    use.outcome = use.entry ? DependencyUse::Outcome::hit : DependencyUse::Outcome::miss;
    use.cost = use.entry ? use.entry->cost : std::chrono::milliseconds{};
}

std::string said_of_hit(const DependencyUse& use)
{
    constexpr std::size_t k_date = 10;
    return fmt::format(
        "Dependencies: from the cache of {} (saved {})",
        to_rfc3339(use.entry->made).substr(0, k_date),
        in_seconds(use.cost)
    );
}

Result<void>
keep_dependencies(CacheStore& cache, Job& job, std::chrono::milliseconds cost, LineSink& output)
{
    DependencyUse& use = job.dependencies;
    if (use.outcome != DependencyUse::Outcome::miss) {
        return {};
    }
    Result<CacheDraft> draft = cache.draft(CacheKind::dependencies, *use.key, job.claim.org_id);
    if (draft.has_error()) {
        return {};
    }
    const Result<void> kept = job.sandbox->checkpoint(job.tree, draft->content());
    if (kept.has_error() && kept.error().code == Errc::rejected) {
        output.line(
            OutputStream::out,
            "Dependencies: not kept for other builds, because the installation changed " +
                kept.error().detail
        );
        return {};
    }
    if (kept.has_error()) {
        return kept.error();
    }
    use.cost = cost;
    use.draft.emplace(*std::move(draft));
    return {};
}

void publish_dependencies(CacheStore& cache, Clock& clock, Job& job, LineSink& output)
{
    DependencyUse& use = job.dependencies;
    use.entry.reset();
    if (!use.draft) {
        return;
    }
    for (CacheEntry& earlier : job.downloads) {
        earlier.lock = {};  // they may make room: only their keys are wanted now
    }
    CacheDraft draft = *std::exchange(use.draft, std::nullopt);
    const Result<std::uint64_t> bytes = cache.publish(std::move(draft), use.cost);
    if (bytes.has_value()) {
        note_downloads(cache, clock, job);
    }
    output.line(
        OutputStream::out,
        bytes.has_value()
            ? fmt::format("Dependencies: kept for other builds ({} MiB).", *bytes >> 20U)
            : "Dependencies: not kept for other builds."
    );
}

}  // namespace libra
