#include "shared/http/request_trace.hpp"

namespace libra {

namespace {

/// Several headers of that name are one list.
std::string state_of(const HttpRequest& request)
{
    std::string state;
    for (const HttpHeader& header : request.headers) {
        if (equal_without_case(header.name, "tracestate")) {
            state += state.empty() ? "" : ",";
            state += header.value;
        }
    }
    return state;
}

}  // namespace

TraceContext trace_of(const HttpRequest& request, Random& random)
{
    const std::optional<std::string_view> parent = request.header("traceparent");
    if (!parent || request.count("traceparent") != 1) {
        return begin_trace(random);
    }
    return span_below(read_trace(*parent, state_of(request)).value_or(TraceContext{}), random);
}

}  // namespace libra
