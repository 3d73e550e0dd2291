#include "api-gateway/gateway.hpp"

#include "shared/base/backoff.hpp"
#include "shared/storage/migrations.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace libra::embedded {

std::string_view docs_html();
std::string_view docs_script();
std::string_view openapi_json();

}  // namespace libra::embedded

namespace libra {

namespace {

constexpr int k_exit_failure = 1;
constexpr auto k_storage_period = std::chrono::seconds{2};

}  // namespace

Gateway::Gateway(const GatewayConfig& config, ObjectStore& objects, Log log)
    : log_{std::move(log)},
      config_{config},
      own_metrics_{metrics_, "gateway", LIBRA_VERSION},
      spans_{config.otlp, http_, clock_, random_, log_},
      pool_{config.postgres, clock_, own_metrics_.pool_waits()},
      accounts_{pool_},
      admissions_{
          pool_,
          routes_of(config.topology),
          {.waiting_messages = static_cast<int>(config.max_pending_messages),
           .deploys_a_minute = config.deploys_a_minute > 0 ? std::optional{config.deploys_a_minute}
                                                           : std::nullopt}},
      deployments_{pool_},
      control_{pool_, routes_of(config.topology)},
      letters_{pool_, routes_of(config.topology)},
      history_{pool_},
      events_{pool_},
      signals_{config.postgres, clock_, random_, log_},
      feed_{events_, clock_, log_, config.streams},
      files_{pool_},
      operations_{pool_},
      organizations_{pool_},
      projects_{pool_},
      domains_{pool_},
      variables_{pool_},
      webhooks_{pool_},
      redeployments_{
          pool_,
          routes_of(config.topology),
          static_cast<int>(config.max_pending_messages)},
      jwt_store_{pool_},
      outbox_{pool_},
      probe_{config.postgres, clock_},
      publisher_{config.broker, config.topology, clock_, random_, log_},
      relay_{outbox_, publisher_, clock_, random_, log_},
      disk_reports_{pool_},
      disk_{{{"the object store", config.objects, "objects"}}, config.disk_mark},
      storage_{disk_, disk_reports_, log_},
      monitor_{probe_, [this] { return publisher_.healthy(); }, clock_, log_},
      backlog_{operations_, clock_, [this] { return monitor_.database_healthy(); }, metrics_},
      deployment_endpoints_{
          {.deploy = {
               .admissions = admissions_,
               .objects = objects,
               .clock = clock_,
               .random = random_,
               .wake_relay = [this] { relay_.wake(); },
               .limits = config.limits,
               .storage_full = [this] { return storage_.full(); },
               .spans = spans_},
           .reader = deployments_,
           .control = control_},
          log_},
      history_endpoints_{{admissions_, history_, clock_}, objects, log_},
      event_endpoints_{{admissions_, events_, feed_, clock_}, log_},
      file_endpoints_{
          {.admissions = admissions_,
           .files = files_,
           .objects = objects,
           .clock = clock_,
           .file_bytes = config.limits.file_bytes,
           .most_files = config.limits.files,
           .storage_full = [this] { return storage_.full(); }},
          log_},
      account_endpoints_{{admissions_, accounts_, clock_, random_}, log_},
      letter_endpoints_{{admissions_, letters_, clock_}, log_},
      operations_endpoints_{
          {.admissions = admissions_,
           .operations = operations_,
           .clock = clock_,
           .broker = [this] { return reading_of(publisher_); }},
          log_},
      organization_endpoints_{{admissions_, organizations_, clock_, random_}, log_},
      project_endpoints_{
          {.admissions = admissions_,
           .projects = projects_,
           .domains = domains_,
           .variables = variables_,
           .clock = clock_,
           .random = random_,
           .sites = config.sites,
           .secrets = config.secrets ? &*config.secrets : nullptr},
          log_},
      redeploy_endpoints_{
          {.admissions = admissions_,
           .redeployments = redeployments_,
           .clock = clock_,
           .random = random_,
           .wake_relay = [this] { relay_.wake(); },
           .storage_full = [this] { return storage_.full(); },
           .spans = spans_},
          log_},
      service_endpoints_{
          {.all = routes_,
           .monitor = monitor_,
           .state = state_,
           .metrics = metrics_,
           .clock = clock_,
           .version = LIBRA_VERSION,
           .pages =
               {.docs_html = embedded::docs_html(),
                .docs_script = embedded::docs_script(),
                .openapi_json = embedded::openapi_json()}}},
      webhook_endpoints_{
          {.admissions = admissions_,
           .webhooks = webhooks_,
           .clock = clock_,
           .random = random_,
           .keys = config.webhook_keys ? &*config.webhook_keys : nullptr},
          log_},
      api_{
          routes_,
          config.development ? CorsPolicy::development()
                             : CorsPolicy::production(config.cors_origins),
          config.rates,
          clock_,
          metrics_,
          log_,
          jwt_check(config.jwts),
          spans_},
      server_{api_, clock_, random_, log_, config.http}
{
    add(deployment_endpoints_.routes());
    add(history_endpoints_.routes());
    add(event_endpoints_.routes());
    add(file_endpoints_.routes());
    add(account_endpoints_.routes());
    add(letter_endpoints_.routes());
    add(operations_endpoints_.routes());
    add(organization_endpoints_.routes());
    add(project_endpoints_.routes());
    add(redeploy_endpoints_.routes());
    add(service_endpoints_.routes());
    add(webhook_endpoints_.routes());
    follow();
}

void Gateway::follow()
{
    own_metrics_.follow_pool([this] { return pool_.reading(); });
    own_metrics_.follow_database([this] { return monitor_.database_healthy(); });
    own_metrics_.follow_broker({{"publisher", [this] { return publisher_.line(); }}});
    own_metrics_.follow_relay([this] { return relay_.counts().confirmed; });
    own_metrics_.follow_disks([this] { return disk_.readings(); });
    own_metrics_.follow_spans([this] { return spans_.counts(); });
    metrics_.follow("libra_queue_up", "1 when RabbitMQ accepts messages.", [this] {
        return monitor_.queue_healthy() ? 1.0 : 0.0;
    });
    metrics_.follow_all(
        "libra_queue_messages",
        "Messages that wait in the work queue; the same from every gateway.",
        [this] {
            const auto queue = publisher_.queue();
            return queue ? Samples{{.value = static_cast<double>(queue->ready)}} : Samples{};
        }
    );
    metrics_.follow_all(
        "libra_queue_consumers",
        "Workers that take messages from the work queue; the same from every gateway.",
        [this] {
            const auto queue = publisher_.queue();
            return queue ? Samples{{.value = static_cast<double>(queue->consumers)}} : Samples{};
        }
    );
    metrics_.follow(
        "libra_storage_full",
        "1 while no deployments are accepted because disks are full.",
        [this] { return storage_.full() ? 1.0 : 0.0; }
    );
    metrics_.follow("libra_event_streams", "Streams of events that are open.", [this] {
        return static_cast<double>(feed_.streams());
    });
}

int Gateway::run(const TerminationSignals& signals)
{
    std::jthread exporter;  // ends last, with what the others' ends brought it
    if (config_.otlp.wanted()) {
        exporter = std::jthread{[&](const std::stop_token& quit) { spans_.run(quit); }};
    }
    const std::jthread monitor{[&](const std::stop_token& quit) { monitor_.run(quit); }};
    if (const Result<void> started = server_.start(); started.has_error()) {
        log_.error("cannot listen", {{"reason", started.error().detail}});
        return k_exit_failure;
    }
    log_.info(
        "listening", {{"address", config_.http.address}, {"port", std::to_string(server_.port())}}
    );
    const std::jthread relay{[&](const std::stop_token& quit) {
        if (migrate(quit)) {
            relay_.run(quit);
        }
    }};
    const std::jthread storage{[&](const std::stop_token& quit) {
        do {
            if (state_.prepared) {
                storage_.look();
            }
        } while (clock_.wait_for(k_storage_period, quit));
    }};
    const std::jthread reader{[&](const std::stop_token& quit) { feed_.run(quit); }};
    const std::jthread listener{[&](const std::stop_token& quit) {
        signals_.listen(quit, [this](const std::string& id) { feed_.notice(id); });
    }};
    const std::jthread keys{[&](const std::stop_token& quit) {
        if (jwts_) {
            jwts_->run(quit);
        }
    }};
    signals.wait();
    log_.info("stopping");
    state_.draining = true;
    clock_.wait_for(config_.shutdown_delay, {});
    if (!server_.stop(config_.shutdown_grace)) {
        log_.warning("connections were dropped at the end of the grace period");
    }
    log_.info("stopped");
    return 0;
}

OutboxRoutes Gateway::routes_of(const BrokerTopology& topology)
{
    return {
        .exchange = topology.exchange,
        .routing_key = topology.queue,
        .dead_letter_exchange = topology.dead_letter_exchange,
        .dead_letter_routing_key = topology.dead_letter_queue};
}

std::optional<BrokerReading> Gateway::reading_of(const Publisher& publisher)
{
    const std::optional<QueueReading> queue = publisher.queue();
    if (!queue) {
        return std::nullopt;
    }
    return BrokerReading{.messages = queue->ready, .consumers = queue->consumers};
}

JwtCheck Gateway::jwt_check(const std::optional<JwtIssuer>& issuer)
{
    if (!issuer) {
        return trust_no_jwt;
    }
    jwts_.emplace(
        *issuer, JwtGate::Parts{.http = http_, .store = jwt_store_, .clock = clock_}, log_
    );
    return [this](std::string_view token) { return jwts_->admit(token); };
}

bool Gateway::migrate(const std::stop_token& stop)
{
    Backoff pauses{{.cap = std::chrono::seconds{5}}, random_};
    do {
        const Result<int> applied = apply_migrations(config_.postgres, embedded_migrations());
        if (applied.has_value()) {
            log_.info("database prepared", {{"migrations", std::to_string(*applied)}});
            state_.prepared = true;
            return true;
        }
        log_.warning("the database cannot be prepared", {{"reason", applied.error().detail}});
    } while (clock_.wait_for(pauses.next(), stop));
    return false;
}

}  // namespace libra
