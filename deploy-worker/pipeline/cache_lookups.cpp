#include "deploy-worker/pipeline/cache_lookups.hpp"

#include "deploy-worker/pipeline/job.hpp"

namespace libra {

std::string_view to_string(CacheName cache) noexcept
{
    switch (cache) {
    case CacheName::site:
        return "site";
    case CacheName::dependencies:
        return "dependencies";
    case CacheName::downloads:
        return "downloads";
    case CacheName::frameworks:
        return "frameworks";
    case CacheName::tools:
        return "tools";
    }
    return "unknown";
}

std::vector<CacheLookup> cache_lookups(const Job& job, UtcTime began)
{
    const bool plans_build = job.plan && job.plan->has_value() && (**job.plan).needs_build;
    if (!plans_build) {
        return {};
    }
    if (job.reused) {
        return {{CacheName::site, true, job.reused->took}};
    }
    using Outcome = DependencyUse::Outcome;
    const BuildPlan& plan = **job.plan;
    const DependencyUse& use = job.dependencies;
    std::vector<CacheLookup> lookups{{CacheName::site, false}};
    if (use.outcome == Outcome::hit) {
        lookups.push_back({CacheName::dependencies, true, use.cost});
    } else if (use.outcome == Outcome::miss) {
        lookups.push_back({CacheName::dependencies, false});
        lookups.push_back({CacheName::downloads, !job.downloads.empty()});
    }
    for (std::size_t i = 0; i < plan.tools.size(); ++i) {
        const bool hit = i < job.tools.size() && job.tools[i].made < began;
        lookups.push_back(
            {CacheName::tools, hit, hit ? job.tools[i].cost : std::chrono::milliseconds{}}
        );
    }
    if (job.build && !plan.cache_directories.empty()) {
        lookups.push_back({CacheName::frameworks, job.framework_cache});
    }
    return lookups;
}

}  // namespace libra
