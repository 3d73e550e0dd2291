#include "api-gateway/accounts/account_endpoints.hpp"
#include "api-gateway/api/api.hpp"
#include "api-gateway/auth/jwt_gate.hpp"
#include "api-gateway/config.hpp"
#include "api-gateway/deployments/deployment_endpoints.hpp"
#include "api-gateway/events/event_endpoints.hpp"
#include "api-gateway/files/file_endpoints.hpp"
#include "api-gateway/history/history_endpoints.hpp"
#include "api-gateway/letters/letter_endpoints.hpp"
#include "api-gateway/operations/operations_endpoints.hpp"
#include "api-gateway/operator_token.hpp"
#include "api-gateway/organizations/organization_endpoints.hpp"
#include "api-gateway/projects/project_endpoints.hpp"
#include "api-gateway/redeploy/redeploy_endpoints.hpp"
#include "api-gateway/service/service_endpoints.hpp"
#include "api-gateway/service/storage_monitor.hpp"
#include "api-gateway/webhooks/webhook_endpoints.hpp"
#include "shared/base/backoff.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/env.hpp"
#include "shared/base/log.hpp"
#include "shared/base/random.hpp"
#include "shared/base/secrets.hpp"
#include "shared/base/termination_signals.hpp"
#include "shared/broker/amqp_publisher.hpp"
#include "shared/health/health_monitor.hpp"
#include "shared/http/http_server.hpp"
#include "shared/net/curl_http_client.hpp"
#include "shared/objects/file_object_store.hpp"
#include "shared/relay/relay.hpp"
#include "shared/storage/migrations.hpp"
#include "shared/storage/pg_account_store.hpp"
#include "shared/storage/pg_admission_store.hpp"
#include "shared/storage/pg_database_probe.hpp"
#include "shared/storage/pg_deployment_control.hpp"
#include "shared/storage/pg_deployment_reader.hpp"
#include "shared/storage/pg_disk_report_store.hpp"
#include "shared/storage/pg_domain_registry.hpp"
#include "shared/storage/pg_event_signals.hpp"
#include "shared/storage/pg_event_store.hpp"
#include "shared/storage/pg_history_store.hpp"
#include "shared/storage/pg_jwt_store.hpp"
#include "shared/storage/pg_operations_store.hpp"
#include "shared/storage/pg_organization_store.hpp"
#include "shared/storage/pg_outbox_store.hpp"
#include "shared/storage/pg_pool.hpp"
#include "shared/storage/pg_project_registry.hpp"
#include "shared/storage/pg_redeploy_store.hpp"
#include "shared/storage/pg_redrive_store.hpp"
#include "shared/storage/pg_upload_store.hpp"
#include "shared/storage/pg_variable_registry.hpp"
#include "shared/storage/pg_webhook_store.hpp"
#include "shared/telemetry/metrics.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <stop_token>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace libra::embedded {

std::string_view docs_html();
std::string_view docs_script();
std::string_view openapi_json();

}  // namespace libra::embedded

namespace libra {
namespace {

constexpr int k_exit_failure = 1;
constexpr int k_exit_configuration = 2;
constexpr auto k_storage_period = std::chrono::seconds{2};

/// Everything the gateway is made of, in the order of its construction.
class Gateway {
public:
    Gateway(const GatewayConfig& config, ObjectStore& objects, Log log)
        : log_{std::move(log)},
          config_{config},
          pool_{config.postgres, clock_},
          accounts_{pool_},
          admissions_{
              pool_,
              routes_of(config.topology),
              {.waiting_messages = static_cast<int>(config.max_pending_messages),
               .deploys_a_minute = config.deploys_a_minute > 0
                                       ? std::optional{config.deploys_a_minute}
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
          disk_{{{"the object store", config.objects}}, config.disk_mark},
          storage_{disk_, disk_reports_, log_},
          monitor_{probe_, [this] { return publisher_.healthy(); }, clock_, log_},
          deployment_endpoints_{
              {.deploy = {
                   .admissions = admissions_,
                   .objects = objects,
                   .clock = clock_,
                   .random = random_,
                   .wake_relay = [this] { relay_.wake(); },
                   .limits = config.limits,
                   .storage_full = [this] { return storage_.full(); }},
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
               .storage_full = [this] { return storage_.full(); }},
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
              jwt_check(config.jwts)},
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
        metrics_.follow("libra_database_up", "1 when PostgreSQL answers", [this] {
            return monitor_.database_healthy() ? 1.0 : 0.0;
        });
        metrics_.follow("libra_queue_up", "1 when RabbitMQ accepts messages", [this] {
            return monitor_.queue_healthy() ? 1.0 : 0.0;
        });
        metrics_.follow("libra_storage_full", "1 while no deployments are accepted", [this] {
            return storage_.full() ? 1.0 : 0.0;
        });
        metrics_.follow("libra_event_streams", "streams of events that are open", [this] {
            return static_cast<double>(feed_.streams());
        });
    }

    /// Serves until a signal comes. @return the exit code.
    int run(const TerminationSignals& signals)
    {
        const std::jthread monitor{[&](const std::stop_token& quit) { monitor_.run(quit); }};
        if (const Result<void> started = server_.start(); started.has_error()) {
            log_.error("cannot listen", {{"reason", started.error().detail}});
            return k_exit_failure;
        }
        log_.info(
            "listening",
            {{"address", config_.http.address}, {"port", std::to_string(server_.port())}}
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

private:
    static OutboxRoutes routes_of(const BrokerTopology& topology)
    {
        return {
            .exchange = topology.exchange,
            .routing_key = topology.queue,
            .dead_letter_exchange = topology.dead_letter_exchange,
            .dead_letter_routing_key = topology.dead_letter_queue};
    }

    static std::optional<BrokerReading> reading_of(const Publisher& publisher)
    {
        const std::optional<QueueReading> queue = publisher.queue();
        if (!queue) {
            return std::nullopt;
        }
        return BrokerReading{.messages = queue->ready, .consumers = queue->consumers};
    }

    JwtCheck jwt_check(const std::optional<JwtIssuer>& issuer)
    {
        if (!issuer) {
            return trust_no_jwt;
        }
        jwts_.emplace(
            *issuer, JwtGate::Parts{.http = http_, .store = jwt_store_, .clock = clock_}, log_
        );
        return [this](std::string_view token) { return jwts_->admit(token); };
    }

    void add(const Routes& routes) { routes_.insert(routes_.end(), routes.begin(), routes.end()); }

    bool migrate(const std::stop_token& stop)
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

    Log log_;
    const GatewayConfig& config_;
    SystemClock clock_;
    SystemRandom random_;
    ServiceState state_;
    Metrics metrics_;
    CurlHttpClient http_;
    PgPool pool_;
    PgAccountStore accounts_;
    PgAdmissionStore admissions_;
    PgDeploymentReader deployments_;
    PgDeploymentControl control_;
    PgRedriveStore letters_;
    PgHistoryStore history_;
    PgEventStore events_;
    PgEventSignals signals_;
    EventFeed feed_;
    PgUploadStore files_;
    PgOperationsStore operations_;
    PgOrganizationStore organizations_;
    PgProjectRegistry projects_;
    PgDomainRegistry domains_;
    PgVariableRegistry variables_;
    PgWebhookStore webhooks_;
    PgRedeployStore redeployments_;
    PgJwtStore jwt_store_;
    PgOutboxStore outbox_;
    PgDatabaseProbe probe_;
    AmqpPublisher publisher_;
    Relay relay_;
    PgDiskReportStore disk_reports_;
    DiskWatch disk_;
    StorageMonitor storage_;
    HealthMonitor monitor_;
    DeploymentEndpoints deployment_endpoints_;
    HistoryEndpoints history_endpoints_;
    EventEndpoints event_endpoints_;
    FileEndpoints file_endpoints_;
    AccountEndpoints account_endpoints_;
    LetterEndpoints letter_endpoints_;
    OperationsEndpoints operations_endpoints_;
    OrganizationEndpoints organization_endpoints_;
    ProjectEndpoints project_endpoints_;
    RedeployEndpoints redeploy_endpoints_;
    ServiceEndpoints service_endpoints_;
    WebhookEndpoints webhook_endpoints_;
    Routes routes_;
    std::optional<JwtGate> jwts_;
    Api api_;
    HttpServer server_;
};

int complain(const std::vector<std::string>& problems)
{
    for (const std::string& problem : problems) {
        std::fputs((problem + '\n').c_str(), stderr);
    }
    return k_exit_configuration;
}

/// One descriptor a connection: the usual soft limit of 1024 would be reached before ours.
void allow_many_descriptors()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int serve()
{
    const TerminationSignals signals;
    Environment environment;
    const GatewayConfig config = read_gateway_config(environment, ::isatty(STDERR_FILENO) == 1);
    if (!environment.problems().empty()) {
        return complain(environment.problems());
    }
    const Result<std::unique_ptr<ObjectStore>> objects = FileObjectStore::open(config.objects);
    if (objects.has_error()) {
        return complain({"OBJECT_STORE_URL: " + objects.error().detail});
    }
    allow_many_descriptors();

    Redactor redactor;
    redactor.add_url_password(config.postgres.url.reveal());
    redactor.add_url_password(config.rabbitmq_url.reveal());
    if (config.jwts) {
        redactor.add_url_password(config.jwts->keys_url);
    }
    const std::unique_ptr<LogSink> sink = stderr_sink();
    Gateway gateway{
        config,
        **objects,
        Log{"api-gateway", config.log.level, config.log.format, *sink, redactor}};
    return gateway.run(signals);
}

int check_settings()
{
    Environment environment;
    read_gateway_config(environment, false);
    return environment.problems().empty() ? 0 : complain(environment.problems());
}

int migrate()
{
    Environment environment;
    const PgSettings settings = read_postgres_settings(environment);
    if (!environment.problems().empty()) {
        return complain(environment.problems());
    }
    const Result<int> applied = apply_migrations(settings, embedded_migrations());
    if (applied.has_error()) {
        std::fputs(("migrate: " + applied.error().detail + '\n').c_str(), stderr);
        return k_exit_failure;
    }
    std::puts((std::to_string(*applied) + " migrations applied").c_str());
    return 0;
}

}  // namespace
}  // namespace libra

int main(int argc, char** argv)
{
    CLI::App app{"Libra Deploy's gateway: takes deployments over HTTP and queues them."};
    app.set_version_flag("--version", LIBRA_VERSION);
    const CLI::App* const migrate =
        app.add_subcommand("migrate", "Brings the database's schema up to date and exits.");
    const CLI::App* const check_settings = app.add_subcommand(
        "check-settings", "Reads the settings, names what is wrong with them and exits."
    );
    CLI::App* const operator_token = app.add_subcommand(
        "operator-token", "Makes a token that administers the platform, prints it and exits."
    );
    std::string user;
    operator_token->add_option("USER", user, "In whose name it acts.")->required();
    app.require_subcommand(0, 1);
    CLI11_PARSE(app, argc, argv);
    try {
        if (operator_token->parsed()) {
            return libra::make_operator_token(user);
        }
        if (check_settings->parsed()) {
            return libra::check_settings();
        }
        return migrate->parsed() ? libra::migrate() : libra::serve();
    } catch (const std::exception& failure) {
        std::fputs((std::string{"libra-gateway: "} + failure.what() + '\n').c_str(), stderr);
        return libra::k_exit_failure;
    }
}
