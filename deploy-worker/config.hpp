#pragma once

#include "deploy-worker/build/artifact.hpp"
#include "deploy-worker/sandbox/local_config.hpp"
#include "deploy-worker/sandbox/sandbox.hpp"
#include "shared/base/disk_watch.hpp"
#include "shared/base/env.hpp"
#include "shared/base/log_settings.hpp"
#include "shared/base/secret_box.hpp"
#include "shared/base/secrets.hpp"
#include "shared/domain/webhook_keys.hpp"
#include "shared/http/settings.hpp"
#include "shared/net/address_filter.hpp"
#include "shared/storage/work_store.hpp"
#include "shared/tracing/otlp_settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// @file The worker's configuration, read once in main.

namespace libra {

/// Source of names and defaults: README, "Configuration".
struct WorkerConfig {
    Secret postgres_url{};
    Secret rabbitmq_url{};
    std::optional<SecretBox> secrets{};  // none: projects with secrets cannot be built
    std::string queue_name{};
    std::string dead_letter_queue_name{};
    std::int64_t queue_max_length{};
    std::string object_store_url{};
    std::filesystem::path sites_root{};
    std::string sites_domain{};
    std::string sites_scheme{};
    std::uint16_t sites_port{};
    std::string sites_probe_url{};
    std::filesystem::path work_root{};
    std::string worker_id{};
    HttpSettings http{};  // of WorkerEndpoint
    LogSettings log{};
    OtlpSettings otlp{};
    std::chrono::milliseconds deployment_timeout{};
    std::chrono::milliseconds retry_base{};
    FleetLimits fleet{};
    std::chrono::milliseconds shutdown_grace{};
    std::size_t max_files{};
    std::uint64_t max_source_bytes{};
    SandboxLimits sandbox{};
    SandboxRuntime sandbox_runtime{};
    SiteLimits site{};
    int releases_kept{};
    DiskMark disk_mark{};  // of every disk the worker writes to
    std::chrono::milliseconds sweep_interval{};
    std::vector<std::string> sandbox_allowed_networks{};
    std::vector<std::string> sandbox_registry_hosts{};
    bool sandbox_overlay{true};
    std::uint64_t cache_bytes{};
    std::optional<WebhookKeys> webhook_keys{};  // none: no webhook is told anything
    AddressFilter webhook_addresses{};
    std::chrono::milliseconds webhook_retry_base{};
};

/// Every mistake is left in `environment.problems()`.
WorkerConfig read_worker_config(Environment& environment, bool stderr_is_terminal);

}  // namespace libra
