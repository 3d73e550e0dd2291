#pragma once

#include "shared/base/random.hpp"
#include "shared/base/trace_context.hpp"
#include "shared/http/message.hpp"

namespace libra {

/// A span for the request: in the trace that its one `traceparent` names, else the first of a new
/// one.
TraceContext trace_of(const HttpRequest& request, Random& random);

}  // namespace libra
