#pragma once

#include "shared/base/clock.hpp"
#include "shared/http/message.hpp"
#include "shared/wire/problem.hpp"

namespace libra {

/// The answer to a body that cannot be read as JSON.
HttpResponse body_refused(const Unreadable& body, UtcTime now);

/// The answer to a body that is JSON and no valid request.
HttpResponse body_refused(const Problems& problems, UtcTime now);

}  // namespace libra
