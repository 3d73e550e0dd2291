#include "shared/tracing/otlp_settings.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace libra {
namespace {

using namespace std::chrono_literals;
using Variables = std::map<std::string, std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Reading {
    explicit Reading(Variables variables)
        : environment{[variables = std::move(variables)](const std::string& name) {
              const auto found = variables.find(name);
              return found == variables.end() ? std::nullopt : std::optional{found->second};
          }}
    {
    }

    Environment environment;
    OtlpSettings settings{read_otlp_settings(environment, "libra-worker", "worker-1")};
};

TEST_CASE("without an endpoint spans go nowhere")
{
    const Reading reading{{}};

    CHECK_FALSE(reading.settings.wanted());
    CHECK(reading.environment.problems().empty());
}

TEST_CASE("the endpoint of all signals is a base, that of traces is taken as it is")
{
    const std::string base{"OTEL_EXPORTER_OTLP_ENDPOINT"};
    const std::string traces{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"};

    CHECK(Reading{{{base, "http://c:4318"}}}.settings.url == "http://c:4318/v1/traces");
    CHECK(Reading{{{base, "https://c/otlp/"}}}.settings.url == "https://c/otlp/v1/traces");
    CHECK(Reading{{{base, "http://c"}, {traces, "http://t/in"}}}.settings.url == "http://t/in");
}

TEST_CASE("headers and attributes are pairs, percent-decoded")
{
    const Reading reading{
        {{"OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20abc=, x-scope = one "},
         {"OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=a%2Cb"},
         {"OTEL_EXPORTER_OTLP_TIMEOUT", "2500"}}};

    const std::vector<HttpField>& headers = reading.settings.headers;
    REQUIRE(headers.size() == 2);
    CHECK(headers[0].name == "authorization");
    CHECK(headers[0].value == "Bearer abc=");
    CHECK(headers[1].name == "x-scope");
    CHECK(headers[1].value == "one");
    CHECK(
        reading.settings.resource ==
        Pairs{
            {"service.name", "libra-worker"},
            {"service.instance.id", "worker-1"},
            {"service.version", LIBRA_VERSION},
            {"deployment.environment.name", "a,b"}}
    );
    CHECK(reading.settings.timeout == 2500ms);
}

TEST_CASE("names of the environment count before ours, a service's own before its attributes'")
{
    const std::string name{"OTEL_SERVICE_NAME"};
    const std::string attributes{"OTEL_RESOURCE_ATTRIBUTES"};

    const Reading both{
        {{name, "mine"}, {attributes, "service.name=other,service.instance.id=pod-7"}}};
    const Reading one{{{attributes, "service.name=other"}}};

    CHECK(
        both.settings.resource ==
        Pairs{
            {"service.name", "mine"},
            {"service.instance.id", "pod-7"},
            {"service.version", LIBRA_VERSION}}
    );
    CHECK(one.settings.resource[0].second == "other");
}

TEST_CASE("each mistake is named, and no header's value")
{
    const Reading reading{
        {{"OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"},
         {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "grpc://t"},
         {"OTEL_EXPORTER_OTLP_HEADERS", "secret-word"},
         {"OTEL_RESOURCE_ATTRIBUTES", "a=%zz"},
         {"OTEL_EXPORTER_OTLP_TIMEOUT", "soon"}}};

    std::string all;
    for (const std::string& problem : reading.environment.problems()) {
        all += problem + '\n';
    }
    CHECK(reading.environment.problems().size() == 5);
    CHECK(all.find("secret-word") == std::string::npos);
}

TEST_CASE("what headers and URL have of secrets is hidden, with its scheme and without")
{
    Redactor redactor;
    const Reading reading{
        {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:url-secret@c"},
         {"OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20header-secret"}}};

    hide(reading.settings, redactor);

    CHECK(redactor.redact("Bearer header-secret") == "[redacted]");
    CHECK(redactor.redact("header-secret") == "[redacted]");
    CHECK(redactor.redact("url-secret") == "[redacted]");
}

}  // namespace
}  // namespace libra
