#include "deploy-worker/pipeline/steps/release_comparison.hpp"

#include "deploy-worker/build/plan_record.hpp"
#include "deploy-worker/diagnosis/release_changes.hpp"
#include "shared/wire/build_record.hpp"

#include <utility>

namespace libra {

namespace {

std::optional<std::string>
read_from(ObjectStore& objects, const SourceManifest& tree, const std::string& path)
{
    constexpr std::uint64_t k_most_bytes = 16U << 20U;
    const auto blob = tree.find(path);
    if (blob == tree.end() || blob->second.bytes > k_most_bytes) {
        return std::nullopt;
    }
    Result<std::string> bytes = objects.get(blob->second.digest);
    return bytes.has_value() ? std::optional{*std::move(bytes)} : std::nullopt;
}

std::optional<SourceManifest> manifest_of(ObjectStore& objects, const std::optional<Digest>& digest)
{
    if (!digest) {
        return std::nullopt;
    }
    const Result<std::string> bytes = objects.get(*digest);
    Result<SourceManifest> manifest =
        bytes.has_value() ? decode_manifest(*bytes) : Result<SourceManifest>{bytes.error()};
    return manifest.has_value() ? std::optional{*std::move(manifest)} : std::nullopt;
}

BuildInputs inputs_of(
    ObjectStore& objects,
    const SourceManifest* tree,
    const std::optional<std::string>& variable_versions,
    const std::optional<std::string>& build
)
{
    return {
        .tree = tree,
        .read = [&objects, tree](const std::string& path
                ) { return tree == nullptr ? std::nullopt : read_from(objects, *tree, path); },
        .environment = variable_versions ? decode_versions(*variable_versions) : std::nullopt,
        .toolchain = build ? decode_toolchain(*build) : std::nullopt,
    };
}

std::optional<std::string> build_record(const Job& job)
{
    if (!job.plan || job.plan->has_error()) {
        return std::nullopt;
    }
    return encode_build_record(record_of(**job.plan, {}));
}

}  // namespace

std::optional<ReleaseChanges>
changes_since_good_release(ProjectStore& projects, ObjectStore& objects, const Job& job)
{
    const Result<ReleaseComparison> comparison = projects.last_good_release(job.claim.lease);
    if (comparison.has_error() || !comparison->last_good) {
        return std::nullopt;
    }
    const GoodRelease& good = *comparison->last_good;
    const std::optional<SourceManifest> before = manifest_of(objects, good.source);
    BuildInputs then =
        inputs_of(objects, before ? &*before : nullptr, good.variable_versions, good.build);
    BuildInputs now =
        inputs_of(objects, &job.source, comparison->variable_versions, build_record(job));
    if (job.plan && job.plan->has_value()) {
        now.root = (**job.plan).root_directory;
        then.root = now.root;
    }
    ReleaseChanges changes = changes_between(then, now);
    changes.deployment_id = good.deployment_id;
    changes.finished_at = good.finished_at;
    return changes;
}

}  // namespace libra
