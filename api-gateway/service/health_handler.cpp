#include "api-gateway/service/health_handler.hpp"

#include "api-gateway/api/json_response.hpp"
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
    const bool healthy = answer.database_healthy && answer.queue_healthy;
    return json_response(healthy ? 200 : 503, encode_health(answer));
}

}  // namespace libra
