#include "deploy-worker/worker.hpp"

#include "deploy-worker/part_settings.hpp"
#include "deploy-worker/pipeline/steps/build_step.hpp"
#include "deploy-worker/pipeline/steps/cleanup_step.hpp"
#include "deploy-worker/pipeline/steps/deploy_step.hpp"
#include "deploy-worker/pipeline/steps/sandbox_step.hpp"
#include "deploy-worker/pipeline/steps/sync_step.hpp"
#include "deploy-worker/pipeline/steps/validate_step.hpp"
#include "shared/storage/migrations.hpp"

#include <filesystem>
#include <thread>
#include <utility>

namespace libra {

namespace {

constexpr int k_exit_failure = 1;
constexpr int k_webhook_senders = 4;
// intake, lease, log, relay, release switch, rescuer, site changes, dead letters, disks, one to
// spare; senders keep none while they wait for a receiver
constexpr int k_database_connections = 10 + k_webhook_senders / 2;
constexpr auto k_rescue_period = std::chrono::seconds{15};
constexpr auto k_sites_period = std::chrono::seconds{1};
constexpr auto k_disks_period = std::chrono::seconds{5};
constexpr auto k_static_host_period = std::chrono::seconds{10};
constexpr auto k_deliveries_kept = std::chrono::hours{30 * 24};

}  // namespace

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

int Worker::run(const TerminationSignals& signals)
{
    std::jthread exporter;  // ends last, with what the others' ends brought it
    if (config_.otlp.wanted()) {
        exporter = std::jthread{[&](const std::stop_token& quit) { spans_.run(quit); }};
    }
    std::stop_source stopping;
    const std::jthread watch{[&](const std::stop_token& quit) {
        if (!signals.wait(quit)) {
            return;
        }
        log_.info("stopping: no new deployment is taken");
        state_.draining = true;
        stopping.request_stop();
        if (clock_.wait_for(config_.shutdown_grace, quit)) {
            log_.warning("the deployment under way takes too long and is handed back");
            pipeline_.interrupt();
        }
    }};
    const std::jthread monitor{[&](const std::stop_token& quit) { monitor_.run(quit); }};
    if (!listen()) {
        return k_exit_failure;
    }
    if (!become_worker(stopping.get_token()) || !prepare_database(stopping.get_token())) {
        return stopping.stop_requested() ? 0 : k_exit_failure;
    }
    state_.prepared = true;
    const std::jthread relay{[&](const std::stop_token& quit) { relay_.run(quit); }};
    const std::jthread rescuer{[&](const std::stop_token& quit) {
        // First the letters: what the broker gave up on is not to be announced again.
        const auto duty = [&] {
            mirror_.pass(quit);
            rescuer_.pass();
        };
        repeat(k_rescue_period, duty, quit);
    }};
    const std::jthread follower{[&](const std::stop_token& quit) {
        repeat(
            k_sites_period, [this] { rescuer_.settle_sites(); }, quit
        );
    }};
    const std::jthread disks{[&](const std::stop_token& quit) {
        do {
            report_disks();
        } while (clock_.wait_for(k_disks_period, quit));
    }};
    const std::jthread static_host{[&](const std::stop_token& quit) {
        do {
            static_host_.look(quit);
        } while (clock_.wait_for(k_static_host_period, quit));
    }};
    const std::jthread sweeper{[&](const std::stop_token& quit) {
        repeat(
            config_.sweep_interval,
            [&] {
                remove_orphans();
                prune_deliveries();
                keeper_.pass(quit);
            },
            quit
        );
    }};
    std::vector<std::jthread> senders;
    for (int i = 0; webhooks_ && i < k_webhook_senders; ++i) {
        const Lanes lanes = i % 2 == 0 ? Lanes::all : Lanes::quick;
        senders.emplace_back([&, lanes](const std::stop_token& quit) {
            webhooks_->run(quit, lanes);
        });
    }
    const std::jthread intake{[&] { intake_.run(stopping.get_token()); }};
    log_.info("worker ready", {{"worker", config_.worker_id}});
    consumer_.run(
        [&](Delivery delivery) { intake_.accept(std::move(delivery)); }, stopping.get_token()
    );
    log_.info("worker stopped");
    return 0;
}

bool Worker::listen()
{
    if (const Result<void> started = server_.start(); started.has_error()) {
        log_.error(
            "cannot listen; WORKER_HTTP_HOST and WORKER_HTTP_PORT say where",
            {{"reason", started.error().detail}}
        );
        return false;
    }
    log_.info(
        "listening", {{"address", config_.http.address}, {"port", std::to_string(server_.port())}}
    );
    return true;
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

bool Worker::become_worker(const std::stop_token& stop)
{
    constexpr std::chrono::seconds k_patience{20};
    Result<WorkerIdentity> identity = WorkerIdentity::take(
        config_.work_root / "workers", config_.worker_id, clock_, k_patience, stop
    );
    if (identity.has_error()) {
        log_.error("worker cannot start", {{"reason", identity.error().detail}});
        return false;
    }
    identity_ = *std::move(identity);
    static_cast<void>(cache_.remove_unfinished(config_.worker_id));
    cache_.shrink();
    remove_orphans();
    if (const Result<void> works = sandboxes_.self_test(); works.has_error()) {
        log_.warning("this host cannot run builds yet", {{"reason", works.error().detail}});
    }
    return true;
}

void Worker::remove_orphans()
{
    const auto note = [this](const Result<void>& removed) {
        if (removed.has_error()) {
            log_.warning("orphans left behind", {{"reason", removed.error().detail}});
        }
    };
    note(sandboxes_.remove_orphans(config_.worker_id));
    cache_.settle();
    note(pipeline_.remove_stale_trees());
    note(identity_->clear_dead([this, &note](const std::string& id) -> Result<void> {
        std::error_code failed;
        std::filesystem::remove_all(jobs_of(config_.work_root, id), failed);
        Result<void> removed = sandboxes_.remove_orphans(id);
        note(cache_.remove_unfinished(id));
        if (failed) {
            return Error{Errc::unavailable, "work trees of " + id + ": " + failed.message()};
        }
        return removed;
    }));
}

void Worker::report_disks()
{
    disks_.look();
    if (const auto told = disk_reports_.report(config_.worker_id, disks_.reason()); !told) {
        log_.warning("the disks are not reported", {{"reason", told.error().detail}});
    }
}

void Worker::prune_deliveries()
{
    if (const Result<int> pruned = deliveries_.prune(k_deliveries_kept); !pruned) {
        log_.warning("old webhook messages stay", {{"reason", pruned.error().detail}});
    }
}

bool Worker::prepare(const std::function<Result<void>()>& write, const std::stop_token& stop)
{
    Backoff pauses{{.cap = std::chrono::seconds{5}}, random_};
    while (!stop.stop_requested()) {
        const Result<void> written = write();
        if (written.has_value()) {
            return true;
        }
        log_.warning("database not ready", {{"reason", written.error().detail}});
        if (written.error().code != Errc::unavailable) {
            return false;
        }
        clock_.wait_for(pauses.next(), stop);
    }
    return false;
}

bool Worker::prepare_database(const std::stop_token& stop)
{
    const auto migrate = [this]() -> Result<void> {
        const Result<int> applied = apply_migrations(
            database_settings_of(config_, k_database_connections), embedded_migrations()
        );
        return applied.has_value() ? Result<void>{} : Result<void>{applied.error()};
    };
    const auto set_slots = [this] { return rescue_.set_slots(config_.fleet.deployments); };
    return prepare(migrate, stop) && prepare(set_slots, stop);
}

}  // namespace libra
