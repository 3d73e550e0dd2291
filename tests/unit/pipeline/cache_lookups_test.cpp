#include "deploy-worker/pipeline/cache_lookups.hpp"

#include "deploy-worker/pipeline/job.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Lookups = std::vector<CacheLookup>;
using Outcome = DependencyUse::Outcome;

constexpr UtcTime k_began{1h};

Job build_job()
{
    Job job;
    job.plan = Planned{BuildPlan{.needs_build = true}};
    return job;
}

TEST_CASE("a deployment without a build looks for nothing")
{
    Job unplanned;
    Job plain;
    plain.plan = Planned{BuildPlan{.needs_build = false}};
    Job impossible;
    impossible.plan = Planned{NoPlan{}};

    CHECK(cache_lookups(unplanned, k_began).empty());
    CHECK(cache_lookups(plain, k_began).empty());
    CHECK(cache_lookups(impossible, k_began).empty());
}

TEST_CASE("a site that was built before saves its whole build")
{
    Job job = build_job();
    job.reused = ReusableBuild{.took = 9s};

    CHECK(cache_lookups(job, k_began) == Lookups{{CacheName::site, true, 9s}});
}

TEST_CASE("dependencies from the cache save their installation")
{
    Job job = build_job();
    job.dependencies = {.outcome = Outcome::hit, .cost = 4s};

    CHECK(
        cache_lookups(job, k_began) ==
        Lookups{{CacheName::site, false}, {CacheName::dependencies, true, 4s}}
    );
}

TEST_CASE("an installation looks for earlier downloads")
{
    Job job = build_job();
    job.dependencies = {.outcome = Outcome::miss, .cost = 4s};
    CHECK(
        cache_lookups(job, k_began) ==
        Lookups{
            {CacheName::site, false},
            {CacheName::dependencies, false},
            {CacheName::downloads, false}}
    );

    job.downloads.emplace_back();

    CHECK(cache_lookups(job, k_began).back() == CacheLookup{CacheName::downloads, true});
}

TEST_CASE("without a lock file there are no dependencies to look for")
{
    CHECK(cache_lookups(build_job(), k_began) == Lookups{{CacheName::site, false}});
}

TEST_CASE("a tool that this attempt fetched was not in the cache")
{
    Job job = build_job();
    (**job.plan).tools.resize(3);
    job.tools.resize(2);
    job.tools[0] = {.made = k_began - 1s, .cost = 3s};
    job.tools[1] = {.made = k_began + 1s, .cost = 3s};

    CHECK(
        cache_lookups(job, k_began) ==
        Lookups{
            {CacheName::site, false},
            {CacheName::tools, true, 3s},
            {CacheName::tools, false},
            {CacheName::tools, false}}
    );
}

TEST_CASE("a framework's own cache counts once something was built")
{
    Job job = build_job();
    (**job.plan).cache_directories = {".next/cache"};
    CHECK(cache_lookups(job, k_began).size() == 1);

    job.build = BuildStatistics{};
    CHECK(cache_lookups(job, k_began).back() == CacheLookup{CacheName::frameworks, false});

    job.framework_cache = true;
    CHECK(cache_lookups(job, k_began).back() == CacheLookup{CacheName::frameworks, true});
}

}  // namespace
}  // namespace libra
