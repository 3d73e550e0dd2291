#pragma once

#include "shared/base/random.hpp"
#include "shared/http/message.hpp"

#include <string>

namespace libra {

/// The request's own X-Request-Id when it is 1 to 128 of `[A-Za-z0-9._-]`, else a new one.
std::string choose_request_id(const HttpRequest& request, Random& random);

}  // namespace libra
