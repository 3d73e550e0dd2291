#pragma once

#include "api-gateway/service/health_handler.hpp"
#include "api-gateway/service/metrics_handler.hpp"
#include "api-gateway/service/probe_handlers.hpp"
#include "api-gateway/service/service_handler.hpp"
#include "api-gateway/service/static_handler.hpp"

#include <string>
#include <string_view>

/// @file Every endpoint about the service itself.

namespace libra {

/// What is compiled into the program; must never go away.
struct ServicePages {
    std::string_view docs_html{};
    std::string_view docs_script{};  // gzip-compressed
    std::string_view openapi_json{};
};

class ServiceEndpoints {
public:
    struct Parts {
        const Routes& all;  // what GET / lists; may be filled until the first request
        const HealthMonitor& monitor;
        const ServiceState& state;
        const Metrics& metrics;
        Clock& clock;
        std::string version;
        ServicePages pages;
    };

    /// What `parts` refers to must outlive it. Compresses the pages, which may take some
    /// milliseconds.
    explicit ServiceEndpoints(const Parts& parts);

    /// Valid as long as this object.
    Routes routes();

private:
    ServiceHandler service_;
    HealthHandler health_;
    StaticHandler docs_;
    StaticHandler docs_script_;
    StaticHandler openapi_;
    AliveHandler alive_;
    ReadyHandler ready_;
    MetricsHandler metrics_;
};

}  // namespace libra
