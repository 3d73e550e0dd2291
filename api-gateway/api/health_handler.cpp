#include "api-gateway/api/health_handler.hpp"

#include "shared/wire/answers.hpp"

#include <utility>

namespace libra {

HealthHandler::HealthHandler(const HealthMonitor& monitor, Clock& clock, std::string version)
    : monitor_{monitor}, clock_{clock}, version_{std::move(version)}, started_{clock.now()}
{
}

HttpResponse HealthHandler::handle(const HttpRequest& /*request*/)
{
    const HealthAnswer answer{
        .version = version_,
        .uptime = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - started_),
        .database_healthy = monitor_.database_healthy(),
        .queue_healthy = monitor_.queue_healthy(),
        .timestamp = clock_.utc_now(),
    };
    HttpResponse response;
    response.status = answer.database_healthy && answer.queue_healthy ? 200 : 503;
    response.headers.emplace_back("Content-Type", "application/json");
    response.body = encode_health(answer);
    return response;
}

}  // namespace libra
