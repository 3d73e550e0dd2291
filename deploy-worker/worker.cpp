#include "deploy-worker/worker.hpp"

#include "deploy-worker/part_settings.hpp"
#include "deploy-worker/pipeline/steps/build_step.hpp"
#include "deploy-worker/pipeline/steps/cleanup_step.hpp"
#include "deploy-worker/pipeline/steps/deploy_step.hpp"
#include "deploy-worker/pipeline/steps/sandbox_step.hpp"
#include "deploy-worker/pipeline/steps/sync_step.hpp"
#include "deploy-worker/pipeline/steps/validate_step.hpp"

#include <utility>

namespace libra {

Worker::Worker(
    const WorkerConfig& config,
    const AmqpEndpoint& endpoint,
    ObjectStore& objects,
    Log log
)
    : log_{std::move(log)},
      config_{config},
      topology_{topology_of(config)},
      own_metrics_{metrics_, "worker", LIBRA_VERSION},
      spans_{config.otlp, http_, clock_, random_, log_},
      work_metrics_{metrics_},
      work_spans_{spans_, clock_, random_},
      work_watchers_{work_metrics_, work_spans_},
      delivery_metrics_{metrics_},
      pool_{
          database_settings_of(config, k_database_connections),
          clock_,
          own_metrics_.pool_waits()},
      work_{pool_, routes_of(topology_), config.fleet},
      projects_{pool_},
      releases_{pool_},
      outbox_{pool_},
      dead_letters_{pool_, routes_of(topology_)},
      rescue_{pool_, routes_of(topology_)},
      deliveries_{pool_},
      sandboxes_{sandbox_config_of(config), clock_, log_},
      metered_{sandboxes_, word_of(config.sandbox_runtime), clock_, metrics_},
      node_versions_{metered_, clock_},
      blobs_{blobs_of(config.sites_root)},
      cache_{cache_config_of(config), clock_, log_},
      target_{target_config_of(config), http_, clock_},
      static_host_{http_, target_config_of(config).probe_url, log_},
      publisher_{endpoint, topology_, clock_, random_, log_},
      consumer_{endpoint, topology_, topology_.queue, clock_, random_, log_},
      relay_{outbox_, publisher_, clock_, random_, log_},
      pipeline_{
          work_,
          target_,
          steps(objects),
          clock_,
          random_,
          redactor(),
          log_,
          policy_of(config),
          work_watchers_},
      disks_{watched_disks(config), config.disk_mark},
      disk_reports_{pool_},
      intake_{
          work_,
          dead_letters_,
          pipeline_,
          clock_,
          random_,
          log_,
          config.worker_id,
          [this] { return !disks_.full(); },
          work_watchers_},
      rescuer_{rescue_, target_, [this] { return backlog(); }, log_, work_watchers_},
      keeper_{rescue_, target_, config.releases_kept, log_},
      dead_letter_queue_{endpoint, topology_.dead_letter_queue, clock_},
      mirror_{dead_letters_, dead_letter_queue_, log_, work_watchers_},
      probe_{database_settings_of(config, k_database_connections), clock_},
      monitor_{probe_, [this] { return consumer_.healthy(); }, clock_, log_},
      endpoint_{{monitor_, state_, metrics_, log_}},
      server_{endpoint_, clock_, random_, log_, config.http}
{
    if (config.webhook_keys) {
        webhooks_.emplace(
            deliveries_,
            http_,
            config.webhook_addresses,
            *config.webhook_keys,
            clock_,
            random_,
            log_,
            WebhookPolicy{.retry_base = config.webhook_retry_base},
            [this](const DeliveryOutcome& outcome) { delivery_metrics_.tried(outcome); },
            spans_
        );
    }
    follow();
}

void Worker::follow()
{
    own_metrics_.follow_pool([this] { return pool_.reading(); });
    own_metrics_.follow_database([this] { return monitor_.database_healthy(); });
    own_metrics_.follow_broker(
        {{"publisher", [this] { return publisher_.line(); }},
         {"consumer", [this] { return consumer_.line(); }}}
    );
    own_metrics_.follow_relay([this] { return relay_.counts().confirmed; });
    own_metrics_.follow_disks([this] { return disks_.readings(); });
    own_metrics_.follow_spans([this] { return spans_.counts(); });
    metrics_.follow_all(
        "libra_static_host_up",
        "1 when this worker sees that sites are served, and their rules heeded.",
        [this] {
            Samples samples;
            for (const StaticHostReading& reading : static_host_.readings()) {
                samples.push_back({{{"part", std::string{reading.part}}}, reading.up ? 1.0 : 0.0});
            }
            return samples;
        }
    );
    metrics_.follow(
        "libra_cache_bytes",
        "Size of the build cache, which the workers of a host share.",
        [this] { return static_cast<double>(cache_.reading().bytes); }
    );
    metrics_.follow(
        "libra_cache_evictions_total",
        "Entries that this worker removed from the build cache to make room.",
        [this] { return static_cast<double>(cache_.reading().evictions); }
    );
}

Redactor& Worker::redactor()
{
    static Redactor instance;
    return instance;
}

std::optional<std::int64_t> Worker::backlog() const
{
    const std::optional<QueueReading> queue = publisher_.queue();
    return queue ? std::optional{queue->ready} : std::nullopt;
}

std::vector<std::unique_ptr<Step>> Worker::steps(ObjectStore& objects)
{
    std::vector<std::unique_ptr<Step>> steps;
    steps.push_back(std::make_unique<ValidateStep>(projects_, config_.sites_domain));
    const SourceLimits tree{config_.max_files, config_.max_source_bytes};
    steps.push_back(std::make_unique<SyncStep>(projects_, objects, tree));
    steps.push_back(std::make_unique<SandboxStep>(
        metered_, node_versions_, objects, projects_, cache_, target_, config_.sandbox
    ));
    steps.push_back(std::make_unique<BuildStep>(
        cache_,
        projects_,
        objects,
        config_.secrets ? &*config_.secrets : nullptr,
        config_.sandbox,
        config_.site,
        blobs_,
        config_.deployment_timeout
    ));
    steps.push_back(std::make_unique<DeployStep>(target_, releases_, objects));
    steps.push_back(std::make_unique<CleanupStep>(cache_));
    return steps;
}

}  // namespace libra
