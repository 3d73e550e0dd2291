#include "shared/http/request_trace.hpp"

#include "tests/support/fake_random.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

constexpr HttpHeader k_parent{
    "TraceParent",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"};

TraceContext trace_with(std::vector<HttpHeader> headers)
{
    testing::FakeRandom random{0xAB};
    return trace_of({.headers = std::move(headers)}, random);
}

TEST_CASE("a request goes on with its caller's trace, as a span of its own")
{
    const TraceContext trace = trace_with({k_parent, {"tracestate", "a=1,b=2"}});

    CHECK(trace.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736");
    CHECK(trace.parent_id == "00f067aa0ba902b7");
    CHECK(trace.span_id == "abababababababab");
    CHECK_FALSE(trace.sampled);
    CHECK(trace.state == "a=1,b=2");
}

TEST_CASE("several headers tracestate are one list")
{
    CHECK(trace_with({k_parent, {"tracestate", "a=1"}, {"TraceState", "b=2"}}).state == "a=1,b=2");
}

TEST_CASE("a request without a valid traceparent, or with two, begins a trace")
{
    const std::vector<std::vector<HttpHeader>> all{
        {},
        {{"tracestate", "a=1"}},
        {{"traceparent", "00-4bf92f35"}, {"tracestate", "a=1"}},
        {k_parent, k_parent}};
    for (const std::vector<HttpHeader>& headers : all) {
        const TraceContext trace = trace_with(headers);

        CHECK(trace.trace_id == "abababababababababababababababab");
        CHECK(trace.parent_id.empty());
        CHECK(trace.sampled);
        CHECK(trace.state.empty());
    }
}

}  // namespace
}  // namespace libra
