#include "api-gateway/service/metrics_handler.hpp"

namespace libra {

HttpResponse MetricsHandler::handle(const HttpRequest& /*request*/)
{
    HttpResponse response;
    response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.body = metrics_.expose();
    return response;
}

}  // namespace libra
