#include "deploy-worker/pipeline/steps/framework_cache.hpp"

#include "deploy-worker/cache/host_toolchain.hpp"
#include "deploy-worker/cache/key_digest.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace libra {

namespace {

namespace fs = std::filesystem;

constexpr Sandbox::CollectLimits k_limits{
    .files = 20'000,
    .bytes = 256U << 20U,
    .file_bytes = 256U << 20U};

std::optional<Digest> key_of(Clock& clock, const Job& job)
{
    const BuildPlan& plan = **job.plan;
    const Result<std::string> toolchain = host_toolchain(clock);
    if (plan.cache_directories.empty() || toolchain.has_error()) {
        return std::nullopt;
    }
    KeyDigest key{"frameworks 1"};
    key.add(job.claim.org_id);
    key.add(job.claim.project_id);
    key.add(plan.framework);
    key.add(plan.root_directory);
    key.add(plan.toolchain.node);
    key.add(*toolchain);
    return key.finish();
}

std::string in_work(const BuildPlan& plan, const std::string& directory)
{
    return plan.root_directory.empty() ? directory : plan.root_directory + '/' + directory;
}

}  // namespace

bool restore_framework_cache(CacheStore& cache, Clock& clock, Job& job)
{
    const auto key = key_of(clock, job);
    if (!key || !job.params.use_cache) {
        return false;
    }
    const std::optional<CacheEntry> entry = cache.find(CacheKind::frameworks, *key);
    return entry && job.sandbox->upload(entry->content).has_value();
}

void save_framework_cache(CacheStore& cache, Clock& clock, Job& job)
{
    const auto key = key_of(clock, job);
    if (!key || !cache.enabled()) {
        return;
    }
    Result<CacheDraft> draft = cache.draft(CacheKind::frameworks, *key, job.claim.org_id);
    if (draft.has_error()) {
        return;
    }
    bool any = false;
    for (const std::string& directory : (**job.plan).cache_directories) {
        const std::string path = in_work(**job.plan, directory);
        const fs::path into = draft->content() / path;
        std::error_code failed;
        fs::create_directories(into, failed);
        const Result<void> copied = job.sandbox->collect(path, into, k_limits);
        if (copied.has_error() && copied.error().code != Errc::not_found) {
            return;
        }
        any = any || (copied.has_value() && !fs::is_empty(into, failed));
    }
    if (any) {
        cache.forget(CacheKind::frameworks, *key);
        static_cast<void>(cache.publish(*std::move(draft), {}));
    }
}

}  // namespace libra
