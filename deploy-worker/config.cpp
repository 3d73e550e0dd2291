#include "deploy-worker/config.hpp"

#include "shared/base/disk_mark.hpp"
#include "shared/base/host_name.hpp"
#include "shared/base/secrets_key.hpp"
#include "shared/domain/rules.hpp"

namespace libra {

namespace {

SandboxLimits sandbox_limits(Environment& environment)
{
    const auto mebibytes = [&](const char* name, std::int64_t fallback, std::int64_t least) {
        return static_cast<std::uint64_t>(environment.integer(name, fallback, least, 1LL << 20U))
               << 20U;
    };
    return {
        .memory_bytes = mebibytes("SANDBOX_MEMORY_MB", 2048, 64),
        .disk_bytes = mebibytes("SANDBOX_DISK_MB", 4096, 64),
        .processes = static_cast<int>(environment.integer("SANDBOX_PROCESSES", 512, 16, 65'536)),
        .cpu_percent =
            static_cast<int>(environment.integer("SANDBOX_CPU_PERCENT", 200, 10, 12'800)),
    };
}

SiteLimits site_limits(Environment& environment)
{
    constexpr std::int64_t k_most_files = 1'000'000;
    constexpr std::int64_t k_most_bytes = 1LL << 40U;
    const SiteLimits usual;
    const auto number = [&](const char* name, std::uint64_t fallback, std::int64_t most) {
        return static_cast<std::uint64_t>(
            environment.integer(name, static_cast<std::int64_t>(fallback), 1, most)
        );
    };
    return {
        .files = number("MAX_SITE_FILES", usual.files, k_most_files),
        .file_bytes = number("MAX_SITE_FILE_BYTES", usual.file_bytes, k_most_bytes),
        .bytes = number("MAX_SITE_BYTES", usual.bytes, k_most_bytes),
    };
}

FleetLimits fleet_limits(Environment& environment)
{
    constexpr std::int64_t k_most = 10'000;
    FleetLimits limits;
    limits.deployments = static_cast<int>(
        environment.integer("MAX_CONCURRENT_DEPLOYMENTS", limits.deployments, 1, k_most)
    );
    const std::int64_t of_organization =
        environment.integer("MAX_CONCURRENT_PER_ORG", 0, 0, k_most);
    if (of_organization > 0) {
        limits.of_organization = static_cast<int>(of_organization);
    }
    return limits;
}

void read_site_settings(Environment& environment, WorkerConfig& config)
{
    config.sites_root = environment.required_text("SITES_ROOT");
    config.sites_domain = environment.text("SITES_DOMAIN", "localhost");
    config.sites_scheme = environment.choice("SITES_SCHEME", "http", {"http", "https"});
    const std::int64_t usual = config.sites_scheme == "https" ? 443 : 8080;
    config.sites_port =
        static_cast<std::uint16_t>(environment.integer("SITES_PORT", usual, 1, 65'535));
    config.sites_probe_url = environment.text(
        "SITES_PROBE_URL", "http://127.0.0.1:" + std::to_string(config.sites_port)
    );
}

/// Asked by the probes of an orchestrator and by Prometheus, each over a connection or two.
void read_http_settings(Environment& environment, HttpSettings& http)
{
    constexpr std::int64_t k_port = 9464;
    http.address = environment.text("WORKER_HTTP_HOST", "127.0.0.1");
    http.port =
        static_cast<std::uint16_t>(environment.integer("WORKER_HTTP_PORT", k_port, 0, 65'535));
    http.workers = 1;
    http.queued_work = 16;
    http.limits.body_bytes = 1;
    http.limits.connections = 64;
}

void read_webhook_settings(Environment& environment, WorkerConfig& config)
{
    using namespace std::chrono_literals;
    config.webhook_keys = read_webhook_keys(environment);
    for (const std::string& network : environment.list("WEBHOOK_ALLOWED_NETWORKS", {})) {
        if (const Result<void> added = config.webhook_addresses.allow(network); !added) {
            environment.complain("WEBHOOK_ALLOWED_NETWORKS", added.error().detail);
        }
    }
    config.webhook_retry_base =
        environment.milliseconds("WEBHOOK_RETRY_BASE_MS", 5000ms, 1ms, 600'000ms);
}

}  // namespace

WorkerConfig read_worker_config(Environment& environment, bool stderr_is_terminal)
{
    using std::chrono::milliseconds;
    using namespace std::chrono_literals;

    WorkerConfig config;
    config.postgres_url = environment.required_secret("POSTGRES_URL");
    config.rabbitmq_url = environment.required_secret("RABBITMQ_URL");
    config.secrets = read_secret_box(environment);
    config.queue_name = environment.text("DEPLOYMENT_QUEUE_NAME", "deployment-queue");
    config.dead_letter_queue_name = environment.text("DEPLOYMENT_DLQ_NAME", "deployment-dlq");
    config.queue_max_length =
        environment.integer("DEPLOYMENT_QUEUE_MAX_LENGTH", 100'000, 1, 100'000'000);
    config.object_store_url = environment.required_text("OBJECT_STORE_URL");
    read_site_settings(environment, config);
    config.work_root = environment.required_text("WORK_ROOT");
    config.worker_id = environment.text("WORKER_ID", host_name());
    if (const auto problem = id_problem(config.worker_id)) {
        environment.complain("WORKER_ID", *problem);
    }
    read_http_settings(environment, config.http);
    config.log = read_log_settings(environment, stderr_is_terminal);
    config.otlp = read_otlp_settings(environment, "libra-worker", config.worker_id);
    config.deployment_timeout =
        environment.milliseconds("MAX_DEPLOYMENT_TIMEOUT", 600'000ms, 1000ms, 1'500'000ms);
    config.retry_base = environment.milliseconds("RETRY_BASE_MS", 5000ms, 1ms, 600'000ms);
    config.fleet = fleet_limits(environment);
    config.shutdown_grace =
        environment.milliseconds("SHUTDOWN_GRACE_MS", 20'000ms, 0ms, 3'600'000ms);
    config.max_files =
        static_cast<std::size_t>(environment.integer("MAX_FILES_PER_DEPLOYMENT", 5000, 1, 1'000'000)
        );
    config.max_source_bytes = static_cast<std::uint64_t>(
        environment.integer("MAX_SOURCE_BYTES", 1LL << 30U, 1, 1LL << 40U)
    );
    config.sandbox = sandbox_limits(environment);
    config.sandbox_runtime =
        environment.choice("SANDBOX_RUNTIME", "crun", {"crun", "runsc"}) == "crun"
            ? SandboxRuntime::crun
            : SandboxRuntime::runsc;
    config.site = site_limits(environment);
    config.releases_kept = static_cast<int>(environment.integer("RELEASES_KEPT", 10, 1, 10'000));
    config.disk_mark = read_disk_mark(environment);
    config.sweep_interval =
        environment.milliseconds("SWEEP_INTERVAL_MS", 60'000ms, 100ms, 86'400'000ms);
    config.sandbox_allowed_networks = environment.list("SANDBOX_ALLOWED_NETWORKS", {});
    config.sandbox_registry_hosts = environment.list("SANDBOX_REGISTRY_HOSTS", {});
    config.sandbox_overlay =
        environment.choice("SANDBOX_CACHE_MOUNT", "overlay", {"overlay", "copy"}) == "overlay";
    config.cache_bytes =
        static_cast<std::uint64_t>(environment.integer("CACHE_MAX_MB", 20'480, 0, 1LL << 30U))
        << 20U;
    read_webhook_settings(environment, config);
    // Other providers and targets are added to these two lists with their rooms.
    environment.choice("SANDBOX_BUILDER_DEFAULT_PROVIDER", "local", {"local"});
    environment.choice("DEPLOY_TARGET", "static", {"static"});
    return config;
}

}  // namespace libra
