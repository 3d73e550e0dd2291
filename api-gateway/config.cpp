#include "api-gateway/config.hpp"

#include "api-gateway/api/cors.hpp"
#include "shared/base/disk_mark.hpp"
#include "shared/base/host_name.hpp"
#include "shared/base/secrets_key.hpp"
#include "shared/objects/object_store_url.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace libra {

namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr std::int64_t k_highest_rate = 1'000'000;  // a minute
// Deployments are accepted together: most of those who wait for that need no connection of their
// own.
constexpr std::size_t k_threads_a_connection = 4;

std::size_t count(
    Environment& environment,
    const std::string& name,
    std::size_t fallback,
    std::int64_t least,
    std::int64_t most
)
{
    return static_cast<std::size_t>(
        environment.integer(name, static_cast<std::int64_t>(fallback), least, most)
    );
}

milliseconds time_limit(Environment& environment, const std::string& name, milliseconds fallback)
{
    return environment.milliseconds(name, fallback, 1ms, 3'600'000ms);
}

HttpLimits read_limits(Environment& environment)
{
    constexpr std::int64_t k_most_bytes = 1LL << 32U;
    constexpr std::int64_t k_most_connections = 1'000'000;
    const HttpLimits usual;
    return {
        .header_bytes =
            count(environment, "MAX_HEADER_BYTES", usual.header_bytes, 1024, 1LL << 20U),
        .body_bytes = count(environment, "MAX_BODY_BYTES", usual.body_bytes, 1024, k_most_bytes),
        .body_memory =
            count(environment, "MAX_BODY_MEMORY_BYTES", usual.body_memory, 1024, 1LL << 40U),
        .connections =
            count(environment, "MAX_CONNECTIONS", usual.connections, 1, k_most_connections),
        .connections_per_address = count(
            environment,
            "MAX_CONNECTIONS_PER_ADDRESS",
            usual.connections_per_address,
            1,
            k_most_connections
        ),
    };
}

HttpDeadlines read_deadlines(Environment& environment)
{
    HttpDeadlines deadlines;
    deadlines.header = time_limit(environment, "HEADER_TIMEOUT_MS", deadlines.header);
    deadlines.body = time_limit(environment, "BODY_TIMEOUT_MS", deadlines.body);
    deadlines.body_idle = time_limit(environment, "BODY_IDLE_TIMEOUT_MS", deadlines.body_idle);
    deadlines.write = time_limit(environment, "WRITE_TIMEOUT_MS", deadlines.write);
    deadlines.keep_alive = time_limit(environment, "KEEP_ALIVE_TIMEOUT_MS", deadlines.keep_alive);
    return deadlines;
}

HttpSettings read_http(Environment& environment)
{
    HttpSettings http;
    http.address = environment.text("HOST", http.address);
    http.port = static_cast<std::uint16_t>(environment.integer("PORT", http.port, 0, 65'535));
    http.io_threads = count(environment, "HTTP_THREADS", http.io_threads, 1, 64);
    http.queued_work = count(environment, "MAX_QUEUED_REQUESTS", http.queued_work, 0, 100'000);
    http.limits = read_limits(environment);
    http.deadlines = read_deadlines(environment);
    for (const std::string& network : environment.list("TRUSTED_PROXIES", {})) {
        if (const Result<void> added = http.trusted_proxies.add(network); added.has_error()) {
            environment.complain("TRUSTED_PROXIES", added.error().detail);
        }
    }
    return http;
}

EventFeedLimits read_streams(Environment& environment)
{
    EventFeedLimits limits;
    limits.streams = count(environment, "MAX_EVENT_STREAMS", limits.streams, 1, 1'000'000);
    limits.streams_per_user =
        count(environment, "MAX_EVENT_STREAMS_PER_USER", limits.streams_per_user, 1, 1'000'000);
    return limits;
}

RequestLimits read_request_limits(Environment& environment)
{
    RequestLimits limits;
    limits.files = count(environment, "MAX_FILES_PER_DEPLOYMENT", limits.files, 1, 1'000'000);
    limits.file_bytes = count(environment, "MAX_FILE_BYTES", limits.file_bytes, 1, 1LL << 32U);
    limits.history_messages =
        count(environment, "MAX_HISTORY_MESSAGES", limits.history_messages, 0, 1'000'000);
    limits.platform_domain = environment.text("SITES_DOMAIN", limits.platform_domain);
    return limits;
}

SiteAddress read_sites(Environment& environment, const std::string& domain)
{
    SiteAddress sites{
        .scheme = environment.choice("SITES_SCHEME", "http", {"http", "https"}), .domain = domain};
    const std::int64_t usual = sites.scheme == "https" ? 443 : 8080;
    sites.port = static_cast<std::uint16_t>(environment.integer("SITES_PORT", usual, 1, 65'535));
    return sites;
}

bool is_http_url(std::string_view url)
{
    const std::string_view rest = url.starts_with("http://")    ? url.substr(7)
                                  : url.starts_with("https://") ? url.substr(8)
                                                                : std::string_view{};
    return !rest.empty() && rest.front() != '/' &&
           std::all_of(rest.begin(), rest.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::optional<JwtIssuer> read_jwt_issuer(Environment& environment)
{
    JwtIssuer issuer;
    issuer.keys_url = environment.text("JWT_JWKS_URL", "");
    issuer.rules.issuer = environment.text("JWT_ISSUER", "");
    issuer.rules.audience = environment.text("JWT_AUDIENCE", "");
    const std::array variables{
        std::pair{"JWT_JWKS_URL", &issuer.keys_url},
        std::pair{"JWT_ISSUER", &issuer.rules.issuer},
        std::pair{"JWT_AUDIENCE", &issuer.rules.audience}};
    const auto missing = std::count_if(variables.begin(), variables.end(), [](const auto& each) {
        return each.second->empty();
    });
    if (missing == std::ssize(variables)) {
        return std::nullopt;
    }
    for (const auto& [name, value] : variables) {
        if (value->empty()) {
            environment.complain(
                name, "must be set too: JWT_JWKS_URL, JWT_ISSUER and JWT_AUDIENCE go together"
            );
        }
    }
    if (!issuer.keys_url.empty() && !is_http_url(issuer.keys_url)) {
        environment.complain("JWT_JWKS_URL", "must be an http:// or https:// URL");
    }
    return issuer;
}

void read_dependencies(Environment& environment, GatewayConfig& config)
{
    config.postgres = read_postgres_settings(environment);
    const std::size_t connections = count(environment, "DB_POOL_SIZE", 8, 1, 256);
    // One more for the relay, and one for streams of events.
    config.postgres.connections = static_cast<int>(connections) + 2;
    config.http.workers = k_threads_a_connection * connections;

    config.rabbitmq_url = environment.required_secret("RABBITMQ_URL");
    Result<AmqpEndpoint> broker = parse_amqp_url(config.rabbitmq_url.reveal());
    if (broker.has_value()) {
        config.broker = *std::move(broker);
        config.broker.connection_name = "libra-gateway";
    } else if (!config.rabbitmq_url.empty()) {
        environment.complain("RABBITMQ_URL", broker.error().detail);
    }
    BrokerTopology& topology = config.topology;
    topology.queue = environment.text("DEPLOYMENT_QUEUE_NAME", topology.queue);
    topology.dead_letter_queue =
        environment.text("DEPLOYMENT_DLQ_NAME", topology.dead_letter_queue);
    topology.max_length =
        environment.integer("DEPLOYMENT_QUEUE_MAX_LENGTH", topology.max_length, 1, 100'000'000);

    const std::string url = environment.required_text("OBJECT_STORE_URL");
    Result<std::filesystem::path> directory = object_store_directory(url);
    if (directory.has_value()) {
        config.objects = *std::move(directory);
    } else if (!url.empty()) {
        environment.complain("OBJECT_STORE_URL", directory.error().detail);
    }
}

}  // namespace

PgSettings read_postgres_settings(Environment& environment)
{
    PgSettings settings;
    settings.url = environment.required_secret("POSTGRES_URL");
    settings.application_name = "libra-gateway";
    return settings;
}

GatewayConfig read_gateway_config(Environment& environment, bool stderr_is_terminal)
{
    GatewayConfig config;
    config.http = read_http(environment);
    config.streams = read_streams(environment);
    read_dependencies(environment, config);
    config.limits = read_request_limits(environment);
    config.sites = read_sites(environment, config.limits.platform_domain);
    config.secrets = read_secret_box(environment);
    config.jwts = read_jwt_issuer(environment);
    config.webhook_keys = read_webhook_keys(environment);
    config.disk_mark = read_disk_mark(environment);
    config.max_pending_messages =
        environment.integer("MAX_PENDING_MESSAGES", 10'000, 1, 10'000'000);
    config.rates = {
        .per_address = static_cast<int>(
            environment.integer("RATE_LIMIT_PER_ADDRESS", 30'000, 0, k_highest_rate)
        ),
        .per_principal = static_cast<int>(
            environment.integer("RATE_LIMIT_PER_PRINCIPAL", 12'000, 0, k_highest_rate)
        )};
    config.deploys_a_minute =
        static_cast<int>(environment.integer("DEPLOY_RATE_LIMIT", 600, 0, k_highest_rate));
    config.development =
        environment.choice("ENVIRONMENT", "development", {"development", "production"}) ==
        "development";
    config.cors_origins =
        environment.list("CORS_ALLOWED_ORIGINS", {"https://*.libra.dev", "https://libra.dev"});
    for (const std::string& origin : config.cors_origins) {
        if (!is_origin_pattern(origin)) {
            environment.complain(
                "CORS_ALLOWED_ORIGINS",
                "'" + origin + "' is no origin; write https://host or https://*.host, with no path"
            );
        }
    }
    config.log = read_log_settings(environment, stderr_is_terminal);
    config.otlp = read_otlp_settings(environment, "libra-gateway", host_name());
    config.shutdown_delay = environment.milliseconds("SHUTDOWN_DELAY_MS", 0ms, 0ms, 3'600'000ms);
    config.shutdown_grace =
        environment.milliseconds("SHUTDOWN_GRACE_MS", 15'000ms, 0ms, 3'600'000ms);
    return config;
}

}  // namespace libra
