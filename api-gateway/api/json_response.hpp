#pragma once

#include "api-gateway/http/message.hpp"

#include <string>

namespace libra {

/// `body` is one JSON value.
HttpResponse json_response(int status, std::string body);

}  // namespace libra
