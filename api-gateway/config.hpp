#pragma once

#include "api-gateway/auth/jwt_issuer.hpp"
#include "api-gateway/events/event_feed_limits.hpp"
#include "api-gateway/limits/request_rates.hpp"
#include "shared/base/disk_watch.hpp"
#include "shared/base/env.hpp"
#include "shared/base/log_settings.hpp"
#include "shared/base/secret_box.hpp"
#include "shared/broker/amqp_endpoint.hpp"
#include "shared/broker/amqp_topology.hpp"
#include "shared/domain/site_address.hpp"
#include "shared/domain/webhook_keys.hpp"
#include "shared/http/settings.hpp"
#include "shared/storage/pg_settings.hpp"
#include "shared/tracing/otlp_settings.hpp"
#include "shared/wire/deploy_request.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// @file The gateway's configuration, read once in main.

namespace libra {

/// Source of names and defaults: README, "Configuration".
struct GatewayConfig {
    PgSettings postgres{};
    Secret rabbitmq_url{};
    AmqpEndpoint broker{};
    BrokerTopology topology{};
    std::filesystem::path objects{};
    HttpSettings http{};
    EventFeedLimits streams{};
    RequestLimits limits{};
    SiteAddress sites{};
    std::optional<SecretBox> secrets{};         // none: variables that are secrets are refused
    std::optional<JwtIssuer> jwts{};            // none: no JWT is accepted
    std::optional<WebhookKeys> webhook_keys{};  // none: webhooks cannot be made
    std::int64_t max_pending_messages{};        // more may not wait for the broker
    RateLimits rates{};
    int deploys_a_minute{};  // of one caller, through all gateways together; 0: no limit
    bool development{};
    std::vector<std::string> cors_origins{};  // in production
    DiskMark disk_mark{};                     // of the disk of `objects`
    LogSettings log{};
    OtlpSettings otlp{};
    std::chrono::milliseconds shutdown_delay{};  // not ready any more, but still accepting
    std::chrono::milliseconds shutdown_grace{};
};

/// Every mistake is left in `environment.problems()`.
GatewayConfig read_gateway_config(Environment& environment, bool stderr_is_terminal);

/// The part that `libra-gateway migrate` needs.
PgSettings read_postgres_settings(Environment& environment);

}  // namespace libra
