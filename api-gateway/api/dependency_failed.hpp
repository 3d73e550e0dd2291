#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"
#include "shared/http/message.hpp"

namespace libra {

/// The answer when a store could not do its part: 503 for what may work later, else 500. The
/// client learns only that; the log learns why.
HttpResponse
dependency_failed(const Error& error, const HttpRequest& request, UtcTime now, const Log& log);

}  // namespace libra
