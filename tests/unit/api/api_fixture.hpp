#pragma once

#include "api-gateway/api/api.hpp"
#include "tests/support/collected_spans.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace libra::testing {

class EchoHandler final : public Handler {
public:
    HttpResponse handle(const HttpRequest& request) override
    {
        return {.status = 200, .headers = {}, .body = request.path};
    }
};

inline HttpRequest
ask(std::string_view method, std::string path, std::vector<HttpHeader> headers = {})
{
    HttpRequest request;
    request.method = method;
    request.path = std::move(path);
    request.raw_path = request.path;
    request.headers = std::move(headers);
    request.request_id = "req-1";
    return request;
}

inline const std::vector<HttpHeader> k_good_head{
    {"Authorization", "Bearer t"},
    {"Content-Length", "2"},
    {"Content-Type", "application/json"}};

/// An API with an endpoint of each kind, which says what it was asked for.
struct ApiFixture {
    ApiFixture()
    {
        using enum Runs;
        using enum Access;
        using enum Takes;
        routes = {
            {"GET", "/", at_once, open, nothing, &echo},
            {"POST", "/deploy", on_worker, credential, json, &echo},
            {"PUT", "/files/{sha256}", on_worker, credential, bytes, &echo},
            {"GET", "/deploy-status", on_worker, open, nothing, &echo},
            {"GET", "/health", at_once, open, nothing, &echo},
            {"GET", "/docs", at_once, open, nothing, &echo},
            {"GET", "/livez", at_once, open, nothing, &echo},
            {"GET", "/metrics", at_once, open, nothing, &echo},
        };
    }

    HttpResponse first_answer(const HttpRequest& request)
    {
        std::optional<HttpResponse> response = api.answer_at_once(request);
        REQUIRE(response);
        api.finish(request, *response);
        return *response;
    }

    EchoHandler echo;
    Routes routes;
    FakeClock clock;
    Metrics metrics;
    RecordingLog log;
    CollectedSpans collected;
    Api api{
        routes,
        CorsPolicy::development(),
        {},
        clock,
        metrics,
        log.log(),
        trust_no_jwt,
        collected};
};

}  // namespace libra::testing
