#include "deploy-worker/part_settings.hpp"

namespace libra {

BrokerTopology topology_of(const WorkerConfig& config)
{
    return {
        .queue = config.queue_name,
        .dead_letter_queue = config.dead_letter_queue_name,
        .max_length = config.queue_max_length};
}

OutboxRoutes routes_of(const BrokerTopology& topology)
{
    return {
        .exchange = topology.exchange,
        .routing_key = topology.queue,
        .dead_letter_exchange = topology.dead_letter_exchange,
        .dead_letter_routing_key = topology.dead_letter_queue};
}

PgSettings database_settings_of(const WorkerConfig& config, int connections)
{
    return {
        .url = config.postgres_url, .application_name = "libra-worker", .connections = connections};
}

LocalSandboxConfig sandbox_config_of(const WorkerConfig& config)
{
    return {
        .runtime = config.sandbox_runtime,
        .state_directory = config.work_root / "sandboxes",
        .worker_id = config.worker_id,
        .allowed_destinations = config.sandbox_allowed_networks,
        .registry_hosts = config.sandbox_registry_hosts,
        .overlay = config.sandbox_overlay};
}

std::string word_of(SandboxRuntime runtime)
{
    return runtime == SandboxRuntime::crun ? "crun" : "runsc";
}

CacheConfig cache_config_of(const WorkerConfig& config)
{
    return {
        .root = config.work_root / "cache",
        .max_bytes = config.cache_bytes,
        .worker_id = config.worker_id};
}

std::vector<WatchedDisk> watched_disks(const WorkerConfig& config)
{
    return {
        {"the disk of the sites", config.sites_root, "sites"},
        {"the disk of the work trees", config.work_root, "work"}};
}

StaticTargetConfig target_config_of(const WorkerConfig& config)
{
    return {
        .sites_root = config.sites_root,
        .sites =
            {.scheme = config.sites_scheme,
             .domain = config.sites_domain,
             .port = config.sites_port},
        .probe_url = config.sites_probe_url};
}

std::filesystem::path jobs_of(const std::filesystem::path& work_root, const std::string& worker_id)
{
    return work_root / "jobs" / worker_id;
}

PipelinePolicy policy_of(const WorkerConfig& config)
{
    PipelinePolicy policy{
        .work_root = jobs_of(config.work_root, config.worker_id),
        .total_limit = config.deployment_timeout};
    policy.retry.base = config.retry_base;
    return policy;
}

}  // namespace libra
