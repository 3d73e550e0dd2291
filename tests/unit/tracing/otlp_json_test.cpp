#include "shared/tracing/otlp_json.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <string>

namespace libra {
namespace {

using namespace std::chrono_literals;

/// Without line ends and the blanks that begin a line.
std::string golden()
{
    std::ifstream file{LIBRA_GOLDEN_SPANS};
    std::string whole;
    for (std::string line; std::getline(file, line);) {
        whole += line.substr(std::min(line.find_first_not_of(' '), line.size()));
    }
    return whole;
}

TEST_CASE("spans are written as OTLP says in JSON")
{
    const Span step{
        .context =
            {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
             .span_id = "00f067aa0ba902b7",
             .parent_id = "b9c7c989f97918e1",
             .state = R"(vendor="x")"},
        .name = "build",
        .began = Instant{500ns},
        .ended = Instant{2s + 500ns},
        .attributes = {{"libra.outcome", "failed"}, {"libra.attempt", 2}},
        .error = "user"};
    const Span request{
        .context = {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736", .span_id = "b9c7c989f97918e1"},
        .name = "POST /deploy",
        .kind = SpanKind::server};

    const std::string json = otlp_json(
        {{"service.name", "libra-worker"}, {"note", R"(a "quoted" one)"}},
        {step, request},
        1'700'000'000s
    );

    CHECK(json == golden());
}

}  // namespace
}  // namespace libra
