#pragma once

#include "deploy-worker/cache/cache_store.hpp"
#include "deploy-worker/config.hpp"
#include "deploy-worker/pipeline/pipeline.hpp"
#include "deploy-worker/sandbox/local_config.hpp"
#include "deploy-worker/targets/static_target.hpp"
#include "shared/base/disk_watch.hpp"
#include "shared/broker/amqp_topology.hpp"
#include "shared/storage/database.hpp"
#include "shared/storage/pg_settings.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// @file What each part of a worker is told, from the worker's configuration.

namespace libra {

BrokerTopology topology_of(const WorkerConfig& config);
OutboxRoutes routes_of(const BrokerTopology& topology);
PgSettings database_settings_of(const WorkerConfig& config, int connections);
LocalSandboxConfig sandbox_config_of(const WorkerConfig& config);
std::string word_of(SandboxRuntime runtime);
CacheConfig cache_config_of(const WorkerConfig& config);
StaticTargetConfig target_config_of(const WorkerConfig& config);
PipelinePolicy policy_of(const WorkerConfig& config);

/// The disks that have to have room before the worker takes a deployment.
std::vector<WatchedDisk> watched_disks(const WorkerConfig& config);

/// Where that worker's work trees are; nobody else's are there.
std::filesystem::path jobs_of(const std::filesystem::path& work_root, const std::string& worker_id);

}  // namespace libra
