#pragma once

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
#include "api-gateway/organizations/organization_endpoints.hpp"
#include "api-gateway/projects/project_endpoints.hpp"
#include "api-gateway/redeploy/redeploy_endpoints.hpp"
#include "api-gateway/service/backlog_metrics.hpp"
#include "api-gateway/service/service_endpoints.hpp"
#include "api-gateway/service/storage_monitor.hpp"
#include "api-gateway/webhooks/webhook_endpoints.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/random.hpp"
#include "shared/base/termination_signals.hpp"
#include "shared/broker/amqp_publisher.hpp"
#include "shared/health/health_monitor.hpp"
#include "shared/http/http_server.hpp"
#include "shared/net/curl_http_client.hpp"
#include "shared/objects/object_store.hpp"
#include "shared/relay/relay.hpp"
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
#include "shared/telemetry/service_metrics.hpp"
#include "shared/tracing/otlp_exporter.hpp"

#include <optional>
#include <stop_token>

/// @file What a gateway is made of, and what it does from its start to its end.

namespace libra {

/// Everything the gateway is made of, in the order of its construction.
class Gateway {
public:
    /// The references must outlive it. Connects to nothing yet.
    Gateway(const GatewayConfig& config, ObjectStore& objects, Log log);

    /// Serves until a signal comes, then lets requests under way end within the grace of the
    /// configuration. Blocks; once. @return the exit code.
    int run(const TerminationSignals& signals);

private:
    static OutboxRoutes routes_of(const BrokerTopology& topology);

    static std::optional<BrokerReading> reading_of(const Publisher& publisher);

    /// Shows in the metrics what other parts know of themselves.
    void follow();

    JwtCheck jwt_check(const std::optional<JwtIssuer>& issuer);

    void add(const Routes& routes) { routes_.insert(routes_.end(), routes.begin(), routes.end()); }

    bool migrate(const std::stop_token& stop);

    Log log_;
    const GatewayConfig& config_;
    SystemClock clock_;
    SystemRandom random_;
    ServiceState state_;
    Metrics metrics_;
    ServiceMetrics own_metrics_;
    CurlHttpClient http_;
    OtlpExporter spans_;
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
    BacklogMetrics backlog_;
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

}  // namespace libra
