#pragma once

#include "shared/http/message.hpp"

#include <string>

namespace libra {

/// `body` is one JSON value.
HttpResponse json_response(int status, std::string body);

}  // namespace libra
