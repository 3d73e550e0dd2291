#pragma once

#include "api-gateway/api/cors.hpp"
#include "api-gateway/api/jwt_refusal.hpp"
#include "api-gateway/api/route.hpp"
#include "api-gateway/limits/request_rates.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/http/application.hpp"
#include "shared/telemetry/metrics.hpp"
#include "shared/tracing/span_sink.hpp"

/// @file The application behind the HTTP server: finds the route, checks what the head tells, and
/// gives every answer its headers, its log line, its span and its place in the metrics.

namespace libra {

class Api final : public Application {
public:
    /// The references must outlive it; `routes` may be filled until the first request.
    Api(const Routes& routes,
        CorsPolicy cors,
        const RateLimits& limits,
        Clock& clock,
        Metrics& metrics,
        Log log,
        JwtCheck jwts = trust_no_jwt,
        SpanSink& spans = no_spans());

    std::optional<HttpResponse> answer_at_once(const HttpRequest& head) override;
    HttpResponse answer(const HttpRequest& request) override;
    HttpResponse refuse(const ErrorKind& error) override;
    void finish(const HttpRequest& request, HttpResponse& response) override;
    void served(const ServedRequest& served) override;

private:
    const Route* find(const HttpRequest& request) const;
    const ErrorKind* check_head(const Route& route, const HttpRequest& head) const;
    HttpResponse options(const HttpRequest& head) const;
    HttpResponse no_such_route(const HttpRequest& head) const;
    std::string_view pattern_of(std::string_view path) const;
    std::string allowed_methods(std::string_view path) const;

    const Routes& routes_;
    CorsPolicy cors_;
    RequestRates rates_;
    Clock& clock_;
    Metrics& metrics_;
    Log log_;
    JwtCheck jwts_;
    SpanSink& spans_;
};

}  // namespace libra
