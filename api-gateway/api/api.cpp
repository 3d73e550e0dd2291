#include "api-gateway/api/api.hpp"

#include "api-gateway/api/errors.hpp"
#include "api-gateway/api/media_type.hpp"
#include "api-gateway/api/path_pattern.hpp"
#include "api-gateway/api/request_span.hpp"
#include "api-gateway/auth/credential_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace libra {

namespace {

constexpr std::string_view k_preflight_seconds{"600"};

bool answers(const Route& route, std::string_view method)
{
    return route.method == method || (route.method == "GET" && method == "HEAD");
}

/// Asked every few seconds by machines; a line for each would bury the rest.
bool is_probe(std::string_view path)
{
    return path == "/livez" || path == "/readyz" || path == "/metrics";
}

/// Whoever asks whether the service is well must not be told to wait.
bool is_limited(std::string_view path)
{
    return !is_probe(path) && path != "/health";
}

void add_if_absent(HttpResponse& response, std::string_view name, const char* value)
{
    if (!response.header(name)) {
        response.headers.emplace_back(name, value);
    }
}

void add_to_vary(HttpResponse& response, std::string_view name)
{
    for (auto& [key, value] : response.headers) {
        if (key == "Vary") {
            value += fmt::format(", {}", name);
            return;
        }
    }
    response.headers.emplace_back("Vary", name);
}

}  // namespace

Api::Api(
    const Routes& routes,
    CorsPolicy cors,
    const RateLimits& limits,
    Clock& clock,
    Metrics& metrics,
    Log log,
    JwtCheck jwts,
    SpanSink& spans
)
    : routes_{routes},
      cors_{std::move(cors)},
      rates_{limits},
      clock_{clock},
      metrics_{metrics},
      log_{std::move(log)},
      jwts_{std::move(jwts)},
      spans_{spans}
{
}

const Route* Api::find(const HttpRequest& request) const
{
    const std::string_view pattern = pattern_of(request.path);
    const auto found = std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) {
        return route.path == pattern && answers(route, request.method);
    });
    return found == routes_.end() ? nullptr : &*found;
}

/// The most literal one; empty if there is none.
std::string_view Api::pattern_of(std::string_view path) const
{
    std::string_view best;
    for (const Route& route : routes_) {
        if (route.path == path && path.find('{') == std::string_view::npos) {
            return route.path;
        }
    }
    for (const Route& route : routes_) {
        if (matches(route.path, path) && (best.empty() || is_more_literal(route.path, best))) {
            best = route.path;
        }
    }
    return best;
}

std::optional<HttpResponse> Api::answer_at_once(const HttpRequest& head)
{
    if (head.method == "OPTIONS") {
        return options(head);
    }
    if (is_limited(head.path)) {
        if (const std::optional<RateReading> refusal = rates_.take(head, clock_.now())) {
            HttpResponse response = error_response(k_rate_limited, clock_.utc_now());
            add_rate_headers(response, *refusal);
            return response;
        }
    }
    const Route* const route = find(head);
    if (route == nullptr) {
        return no_such_route(head);
    }
    if (const ErrorKind* const error = check_head(*route, head)) {
        return refuse(*error);
    }
    if (route->runs == Runs::at_once) {
        return route->handler->handle(head);
    }
    return std::nullopt;
}

HttpResponse Api::answer(const HttpRequest& request)
{
    const Route* const route = find(request);
    if (route->access == Access::credential) {
        if (auto refusal = refuse_jwt(request, jwts_, clock_.utc_now(), log_)) {
            return *std::move(refusal);
        }
    }
    return route->handler->handle(request);
}

HttpResponse Api::refuse(const ErrorKind& error)
{
    return error_response(error, clock_.utc_now());
}

const ErrorKind* Api::check_head(const Route& route, const HttpRequest& head) const
{
    const bool takes_body = route.takes != Takes::nothing;
    if (takes_body && !head.header("Content-Length") && !head.header("Transfer-Encoding")) {
        return &k_length_required;
    }
    if (route.access == Access::credential) {
        const std::optional<Credential> credential = read_credential(head);
        if (!credential) {
            return &k_unauthenticated;
        }
        // A browser sends cookies along for any page; only pages we know may use them.
        const std::optional<std::string_view> origin = head.header("Origin");
        if (credential->kind == CredentialKind::session && origin && !cors_.allows(*origin)) {
            return &k_origin_not_allowed;
        }
    }
    if (takes_body && is_encoded(head.header("Content-Encoding").value_or(""))) {
        return &k_encoded_body;
    }
    // Clients of the original service may leave Content-Type out.
    const std::optional<std::string_view> type = head.header("Content-Type");
    if (route.takes == Takes::json && type && !is_json(*type)) {
        return &k_unsupported_media_type;
    }
    if (route.takes == Takes::bytes && type && !is_octet_stream(*type)) {
        return &k_not_octet_stream;
    }
    return nullptr;
}

std::string Api::allowed_methods(std::string_view path) const
{
    const std::string_view pattern = pattern_of(path);
    std::string methods;
    for (const Route& route : routes_) {
        if (route.path == pattern) {
            methods += fmt::format("{}{}, ", route.method, route.method == "GET" ? ", HEAD" : "");
        }
    }
    return methods.empty() ? methods : methods + "OPTIONS";
}

HttpResponse Api::options(const HttpRequest& head) const
{
    if (head.path == "*") {
        return {.status = 204};
    }
    std::string allowed = allowed_methods(head.path);
    if (allowed.empty()) {
        return error_response(k_not_found, clock_.utc_now());
    }
    HttpResponse response{.status = 204};
    if (head.header("Access-Control-Request-Method") &&
        cors_.allows(head.header("Origin").value_or(""))) {
        response.headers.emplace_back("Access-Control-Allow-Methods", allowed);
        response.headers.emplace_back(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Request-Id, "
            "traceparent, tracestate"
        );
        response.headers.emplace_back("Access-Control-Max-Age", k_preflight_seconds);
    }
    response.headers.emplace_back("Allow", std::move(allowed));
    return response;
}

HttpResponse Api::no_such_route(const HttpRequest& head) const
{
    std::string allowed = allowed_methods(head.path);
    if (allowed.empty()) {
        return error_response(k_not_found, clock_.utc_now());
    }
    HttpResponse response = error_response(k_method_not_allowed, clock_.utc_now());
    response.headers.emplace_back("Allow", std::move(allowed));
    return response;
}

void Api::finish(const HttpRequest& request, HttpResponse& response)
{
    add_if_absent(response, "X-Content-Type-Options", "nosniff");
    add_if_absent(response, "Referrer-Policy", "no-referrer");
    add_if_absent(
        response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"
    );
    add_if_absent(response, "Cache-Control", "no-store");
    add_to_vary(response, "Origin");
    if (is_limited(request.path) && request.method != "OPTIONS") {
        if (const std::optional<RateReading> reading = rates_.look(request, clock_.now())) {
            add_rate_headers(response, *reading);
        }
    }
    const std::optional<std::string_view> origin = request.header("Origin");
    if (origin && cors_.allows(*origin)) {
        response.headers.emplace_back("Access-Control-Allow-Origin", *origin);
        response.headers.emplace_back("Access-Control-Allow-Credentials", "true");
        response.headers.emplace_back(
            "Access-Control-Expose-Headers",
            "X-Request-Id, X-Response-Time, Location, Retry-After, "
            "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
        );
    }
}

void Api::served(const ServedRequest& served)
{
    const HttpRequest& request = served.request;
    const Route* const route = find(request);
    metrics_.http_request(
        request.method, route == nullptr ? "other" : route->path, served.status, served.duration
    );
    LogFields fields{
        {"request_id", request.request_id},
        {"method", std::string{request.method}},
        {"path", std::string{request.raw_path}},
        {"status", std::to_string(served.status)},
        {"duration_ms", fmt::format("{:.3f}", static_cast<double>(served.duration.count()) / 1000)},
        {"bytes", std::to_string(served.body_bytes)},
        {"remote", request.client},
    };
    if (!request.trace.empty()) {
        fields.push_back({"trace_id", request.trace.trace_id});
    }
    if (served.aborted) {
        fields.push_back({"aborted", "true"});
    }
    if (is_probe(request.path)) {
        log_.debug("request", fields);
        return;
    }
    log_.info("request", fields);
    if (spans_.wants(request.trace)) {
        spans_.take(span_of(served, route == nullptr ? std::string_view{} : route->path));
    }
}

}  // namespace libra
