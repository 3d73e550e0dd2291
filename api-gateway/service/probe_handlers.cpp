#include "api-gateway/service/probe_handlers.hpp"

#include "api-gateway/api/errors.hpp"

namespace libra {

namespace {

HttpResponse ok()
{
    HttpResponse response;
    response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    response.body = "ok\n";
    return response;
}

}  // namespace

HttpResponse AliveHandler::handle(const HttpRequest& /*request*/)
{
    return ok();
}

ReadyHandler::ReadyHandler(const HealthMonitor& monitor, const ServiceState& state, Clock& clock)
    : monitor_{monitor}, state_{state}, clock_{clock}
{
}

HttpResponse ReadyHandler::handle(const HttpRequest& /*request*/)
{
    if (state_.draining) {
        return error_response(k_unavailable, clock_.utc_now(), "The service is shutting down.");
    }
    if (!monitor_.database_healthy()) {
        return error_response(k_unavailable, clock_.utc_now(), "The database does not answer.");
    }
    if (!state_.prepared) {
        return error_response(k_unavailable, clock_.utc_now(), "The database is being prepared.");
    }
    return ok();
}

}  // namespace libra
