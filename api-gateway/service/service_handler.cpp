#include "api-gateway/service/service_handler.hpp"

#include "api-gateway/api/json_response.hpp"
#include "shared/wire/answers.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

ServiceHandler::ServiceHandler(const Routes& routes, Clock& clock, std::string version)
    : routes_{routes}, clock_{clock}, version_{std::move(version)}
{
}

HttpResponse ServiceHandler::handle(const HttpRequest& /*request*/)
{
    ServiceAnswer answer{.version = version_, .timestamp = clock_.utc_now()};
    for (const Route& route : routes_) {
        answer.endpoints.push_back(fmt::format("{} {}", route.method, route.path));
    }
    return json_response(200, encode_service(answer));
}

}  // namespace libra
