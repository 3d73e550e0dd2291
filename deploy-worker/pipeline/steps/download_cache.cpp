#include "deploy-worker/pipeline/steps/download_cache.hpp"

#include "deploy-worker/cache/host_toolchain.hpp"
#include "deploy-worker/cache/key_digest.hpp"

#include <filesystem>
#include <fstream>
#include <utility>

namespace libra {

namespace {

// Each has only what the ones before it did not.
constexpr std::size_t k_most = 3;

std::optional<Digest> key_of(Clock& clock, const Job& job)
{
    const Result<std::string> toolchain = host_toolchain(clock);
    if (toolchain.has_error()) {
        return std::nullopt;
    }
    KeyDigest key{"downloads 1"};
    key.add(job.claim.org_id);
    key.add(job.claim.project_id);
    key.add(to_string((**job.plan).toolchain.manager));
    key.add(*toolchain);
    return key.finish();
}

}  // namespace

void find_downloads(CacheStore& cache, Clock& clock, Job& job)
{
    job.downloads.clear();
    const auto key = key_of(clock, job);
    if (!key || job.dependencies.outcome != DependencyUse::Outcome::miss || !job.params.use_cache) {
        return;
    }
    const std::optional<CacheEntry> last = cache.find(CacheKind::downloads, *key);
    if (!last) {
        return;
    }
    std::ifstream lines{last->content};
    for (std::string line; std::getline(lines, line) && job.downloads.size() < k_most;) {
        const std::optional<Digest> installation = Digest::parse(line);
        if (!installation) {
            cache.drop(CacheKind::downloads, *key, "a line of it is no key");
            return;
        }
        if (auto entry = cache.find(CacheKind::dependencies, *installation)) {
            job.downloads.push_back(*std::move(entry));
        }
    }
}

void note_downloads(CacheStore& cache, Clock& clock, const Job& job)
{
    const auto key = key_of(clock, job);
    if (!key) {
        return;
    }
    Result<CacheDraft> draft = cache.draft(CacheKind::downloads, *key, job.claim.org_id);
    if (draft.has_error()) {
        return;
    }
    {
        std::ofstream lines{draft->content()};
        lines << job.dependencies.key->hex() << '\n';
        for (const CacheEntry& earlier : job.downloads) {
            lines << earlier.key.hex() << '\n';
        }
    }
    cache.forget(CacheKind::downloads, *key);
    static_cast<void>(cache.publish(*std::move(draft), {}));
}

}  // namespace libra
