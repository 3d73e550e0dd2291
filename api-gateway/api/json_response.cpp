#include "api-gateway/api/json_response.hpp"

#include <utility>

namespace libra {

HttpResponse json_response(int status, std::string body)
{
    HttpResponse response{.status = status};
    response.headers.emplace_back("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

}  // namespace libra
