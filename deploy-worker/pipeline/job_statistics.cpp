#include "deploy-worker/pipeline/job_statistics.hpp"

#include "deploy-worker/build/plan_record.hpp"
#include "deploy-worker/pipeline/job.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace libra {

namespace {

std::string cache_statistics(const Job& job)
{
    using Outcome = DependencyUse::Outcome;
    const DependencyUse& use = job.dependencies;
    const bool hit = use.outcome == Outcome::hit;
    if (job.reused) {
        return fmt::format(
            R"(,"siteFiles":{},"siteBytes":{},"cache":{{"site":"hit","savedMilliseconds":{}}})",
            job.reused->artifact.files,
            job.reused->artifact.bytes,
            job.reused->took.count()
        );
    }
    return fmt::format(
        R"(,"cache":{{"site":"miss","dependencies":"{}","framework":"{}","savedMilliseconds":{}}})",
        hit                            ? "hit"
        : use.outcome == Outcome::miss ? "miss"
                                       : "off",
        job.framework_cache ? "hit" : "miss",
        hit ? use.cost.count() : 0
    );
}

}  // namespace

std::string statistics_json(const Job& job)
{
    std::string json = R"({"stepMilliseconds":{)";
    for (const StepName step : k_steps) {
        json += fmt::format(
            R"({}"{}":{})",
            step == k_steps.front() ? "" : ",",
            to_string(step),
            job.durations.at(static_cast<std::size_t>(step)).count()
        );
    }
    json += fmt::format(R"(}},"sourceFiles":{})", job.source.size());
    if (job.artifact) {
        json += fmt::format(
            R"(,"siteFiles":{},"siteBytes":{})", job.artifact->manifest.size(), job.artifact->bytes
        );
    }
    if (job.plan && job.plan->has_value() && (**job.plan).needs_build) {
        json += cache_statistics(job);
    }
    if (job.build) {
        json += fmt::format(
            R"(,"installMilliseconds":{},"buildMilliseconds":{},"peakMemoryBytes":{})",
            job.build->install.count(),
            job.build->build.count(),
            job.build->peak_memory_bytes
        );
    }
    if (job.plan) {
        const std::string output = job.build ? job.build->output_directory : std::string{};
        json += R"(,"build":)";
        json += encode_build_record(
            job.plan->has_value() ? record_of(**job.plan, output) : record_of(job.plan->error())
        );
    }
    return json + "}";
}

}  // namespace libra
