#pragma once

#include "deploy-worker/build/node_versions.hpp"
#include "deploy-worker/cache/cache_store.hpp"
#include "deploy-worker/config.hpp"
#include "deploy-worker/intake/dead_letter_mirror.hpp"
#include "deploy-worker/intake/intake.hpp"
#include "deploy-worker/intake/release_keeper.hpp"
#include "deploy-worker/intake/rescuer.hpp"
#include "deploy-worker/metrics/delivery_metrics.hpp"
#include "deploy-worker/metrics/metered_sandboxes.hpp"
#include "deploy-worker/metrics/work_metrics.hpp"
#include "deploy-worker/notify/webhook_sender.hpp"
#include "deploy-worker/pipeline/both_observers.hpp"
#include "deploy-worker/pipeline/pipeline.hpp"
#include "deploy-worker/process/worker_identity.hpp"
#include "deploy-worker/sandbox/local_provider.hpp"
#include "deploy-worker/service/worker_endpoint.hpp"
#include "deploy-worker/targets/static_host_watch.hpp"
#include "deploy-worker/targets/static_target.hpp"
#include "deploy-worker/tracing/work_spans.hpp"
#include "shared/base/backoff.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/random.hpp"
#include "shared/base/secrets.hpp"
#include "shared/base/termination_signals.hpp"
#include "shared/broker/amqp_consumer.hpp"
#include "shared/broker/amqp_dead_letter_queue.hpp"
#include "shared/broker/amqp_endpoint.hpp"
#include "shared/broker/amqp_publisher.hpp"
#include "shared/health/health_monitor.hpp"
#include "shared/http/http_server.hpp"
#include "shared/net/curl_http_client.hpp"
#include "shared/objects/object_store.hpp"
#include "shared/relay/relay.hpp"
#include "shared/storage/pg_database_probe.hpp"
#include "shared/storage/pg_dead_letter_store.hpp"
#include "shared/storage/pg_delivery_store.hpp"
#include "shared/storage/pg_disk_report_store.hpp"
#include "shared/storage/pg_outbox_store.hpp"
#include "shared/storage/pg_pool.hpp"
#include "shared/storage/pg_project_store.hpp"
#include "shared/storage/pg_release_store.hpp"
#include "shared/storage/pg_rescue_store.hpp"
#include "shared/storage/pg_work_store.hpp"
#include "shared/telemetry/metrics.hpp"
#include "shared/telemetry/service_metrics.hpp"
#include "shared/tracing/otlp_exporter.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

/// @file What a worker is made of, and what it does from its start to its end.

namespace libra {

/// Everything a worker is made of, in the order of its construction.
class Worker {
public:
    /// The references must outlive it. Connects to nothing yet.
    Worker(const WorkerConfig& config, const AmqpEndpoint& endpoint, ObjectStore& objects, Log log);

    /// What no line of the log and of a deployment may show; one for the process.
    static Redactor& redactor();

    /// Works until a signal comes, then lets the deployment under way end within the grace of the
    /// configuration. Blocks; once. @return the exit code.
    int run(const TerminationSignals& signals);

private:
    static constexpr int k_webhook_senders{4};
    // Intake, lease, log, relay, release switch, rescuer, site changes, dead letters, disks, one to
    // spare; senders keep none while they wait for a receiver.
    static constexpr int k_database_connections{10 + k_webhook_senders / 2};

    /// Shows in the metrics what other parts know of themselves.
    void follow();

    bool listen();

    std::optional<std::int64_t> backlog() const;

    std::vector<std::unique_ptr<Step>> steps(ObjectStore& objects);

    bool become_worker(const std::stop_token& stop);

    /// What dead workers of this host, or failed clean-ups of this one, left behind.
    void remove_orphans();

    void report_disks();

    void prune_deliveries();

    /// Repeats `write` until the database has taken it. @return false if it will not, or on `stop`.
    bool prepare(const std::function<Result<void>()>& write, const std::stop_token& stop);

    bool prepare_database(const std::stop_token& stop);

    /// Pauses differ by up to a fifth, so that the workers do not all do it at once.
    template <class Duty>
    void repeat(std::chrono::milliseconds period, const Duty& duty, const std::stop_token& stop)
    {
        while (clock_.wait_for(backoff_delay({.base = period, .cap = period}, 0, random_), stop)) {
            duty();
        }
    }

    Log log_;
    const WorkerConfig& config_;
    SystemClock clock_;
    SystemRandom random_;
    std::optional<WorkerIdentity> identity_;
    BrokerTopology topology_;
    Metrics metrics_;
    ServiceMetrics own_metrics_;
    CurlHttpClient http_;
    OtlpExporter spans_;
    WorkMetrics work_metrics_;
    WorkSpans work_spans_;
    BothObservers work_watchers_;
    DeliveryMetrics delivery_metrics_;
    PgPool pool_;
    PgWorkStore work_;
    PgProjectStore projects_;
    PgReleaseStore releases_;
    PgOutboxStore outbox_;
    PgDeadLetterStore dead_letters_;
    PgRescueStore rescue_;
    PgDeliveryStore deliveries_;
    LocalSandboxProvider sandboxes_;
    MeteredSandboxes metered_;
    NodeVersions node_versions_;
    BlobStore blobs_;
    CacheStore cache_;
    StaticTarget target_;
    StaticHostWatch static_host_;
    AmqpPublisher publisher_;
    AmqpConsumer consumer_;
    Relay relay_;
    Pipeline pipeline_;
    DiskWatch disks_;
    PgDiskReportStore disk_reports_;
    Intake intake_;
    Rescuer rescuer_;
    ReleaseKeeper keeper_;
    AmqpDeadLetterQueue dead_letter_queue_;
    DeadLetterMirror mirror_;
    std::optional<WebhookSender> webhooks_;
    WorkerState state_;
    PgDatabaseProbe probe_;
    HealthMonitor monitor_;
    WorkerEndpoint endpoint_;
    HttpServer server_;  // last: it calls upon the others
};

}  // namespace libra
