#include "api-gateway/service/service_endpoints.hpp"

namespace libra {

ServiceEndpoints::ServiceEndpoints(const Parts& parts)
    : service_{parts.all, parts.clock, parts.version},
      health_{parts.monitor, parts.clock, parts.version},
      // The page carries its own policy; this is the one directive a page cannot set.
      docs_{
          {.bytes = parts.pages.docs_html,
           .content_type = "text/html; charset=utf-8",
           .security_policy = "frame-ancestors 'none'"}},
      docs_script_{
          {.bytes = parts.pages.docs_script,
           .content_type = "text/javascript; charset=utf-8",
           .gzipped = true}},
      openapi_{{.bytes = parts.pages.openapi_json, .content_type = "application/json"}},
      ready_{parts.monitor, parts.state, parts.clock},
      metrics_{parts.metrics}
{
}

Routes ServiceEndpoints::routes()
{
    using enum Runs;
    using enum Access;
    using enum Takes;
    // clang-format off
    return {
        {"GET", "/",               at_once, open, nothing, &service_},
        {"GET", "/health",         at_once, open, nothing, &health_},
        {"GET", "/docs",           at_once, open, nothing, &docs_},
        {"GET", "/docs/scalar.js", at_once, open, nothing, &docs_script_},
        {"GET", "/openapi.json",   at_once, open, nothing, &openapi_},
        {"GET", "/livez",          at_once, open, nothing, &alive_},
        {"GET", "/readyz",         at_once, open, nothing, &ready_},
        {"GET", "/metrics",        at_once, open, nothing, &metrics_},
    };
    // clang-format on
}

}  // namespace libra
