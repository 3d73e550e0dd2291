#include "api-gateway/deployments/deployment_status_handler.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_deployment_reader.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Catch::Matchers::Contains;

struct Fixture {
    HttpResponse get(std::vector<QueryParameter> query)
    {
        HttpRequest request;
        request.method = "GET";
        request.path = "/deploy-status";
        request.query = std::move(query);
        return DeploymentStatusHandler{reader, clock, log.log()}.handle(request);
    }

    testing::FakeDeploymentReader reader;
    testing::FakeClock clock;
    testing::RecordingLog log;
};

TEST_CASE_METHOD(Fixture, "the status of a deployment is shown with all six steps")
{
    DeploymentRecord record;
    record.id = "d-1";
    record.status = DeploymentStatus::in_progress;
    record.current_step = StepName::sync;
    record.steps[0].status = StepStatus::completed;
    record.steps[1] = {StepStatus::in_progress, UtcTime{}, "slow"};
    record.milestones = {"Validating deployment parameters..."};
    record.url = "http://p.localhost";
    reader.answer = record;

    const HttpResponse response = get({{"id", "d-1"}});

    CHECK(response.status == 200);
    CHECK(reader.asked == std::vector<std::string>{"d-1"});
    for (const char* const part :
         {R"("deploymentId":"d-1")",
          R"("currentStep":"sync")",
          R"("validate":{"status":"completed")",
          R"("error":"slow")",
          R"("cleanup":{"status":"pending")",
          "Validating deployment parameters...",
          R"("url":"http://p.localhost")"}) {
        CHECK_THAT(response.body, Contains(part));
    }
}

TEST_CASE_METHOD(Fixture, "an id that is missing or malformed is not looked up")
{
    const std::vector<QueryParameter> query = GENERATE(
        std::vector<QueryParameter>{},
        std::vector<QueryParameter>{{"ID", "d-1"}},
        std::vector<QueryParameter>{{"id", ""}},
        std::vector<QueryParameter>{{"id", "a b"}},
        std::vector<QueryParameter>{{"id", "'; DROP TABLE deployments"}},
        std::vector<QueryParameter>{{"id", std::string("a\0b", 3)}},
        std::vector<QueryParameter>{{"id", std::string(129, 'a')}}
    );

    const HttpResponse response = get(query);

    CHECK(response.status == 400);
    CHECK_THAT(response.body, Contains("\"invalid_id\""));
    CHECK(reader.asked.empty());
}

TEST_CASE_METHOD(Fixture, "an unknown deployment is not found")
{
    reader.answer = Error{Errc::not_found, "d-1"};

    const HttpResponse response = get({{"id", "d-1"}});

    CHECK(response.status == 404);
    CHECK_THAT(response.body, Contains("\"deployment_not_found\""));
}

TEST_CASE_METHOD(Fixture, "without the database no status can be told")
{
    reader.answer = Error{Errc::unavailable, "away"};

    const HttpResponse response = get({{"id", "d-1"}});

    CHECK(response.status == 503);
    CHECK(response.header("Retry-After") == "1");
}

}  // namespace
}  // namespace libra
