#include "deploy-worker/pipeline/steps/build_variables.hpp"

#include "deploy-worker/masking/masking_sink.hpp"
#include "shared/base/base64.hpp"
#include "shared/domain/variable_rules.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/recording_lines.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

struct Fixture {
    Fixture()
    {
        job.claim.project_id = "p-1";
        job.variables = {
            {.name = "API", .value = "https://api.example"}, secret("TOKEN", "hush-hush")};
    }

    StoredVariable secret(const std::string& name, const std::string& value)
    {
        return {
            .name = name,
            .value = box.seal(value, variable_binding("p-1", name), random),
            .secret = true};
    }

    Outcome<BuildEnvironment> read(const SecretBox* with)
    {
        return build_variables(with, job, lines);
    }

    testing::FakeRandom random;
    testing::RecordingLines lines;
    SecretBox box{SecretBox::from_keys(Secret{to_base64(std::string(32, 'k'))}).value()};
    Job job;
};

TEST_CASE_METHOD(Fixture, "a build gets its variables opened, and knows what to hide")
{
    const auto environment = read(&box);

    REQUIRE(environment.has_value());
    CHECK(
        environment->variables ==
        std::vector<std::string>{"API=https://api.example", "TOKEN=hush-hush"}
    );
    CHECK(
        masked(environment->secrets, "https://api.example hush-hush") ==
        "https://api.example [redacted]"
    );
    CHECK(lines.out() == std::vector<std::string>{"Variables of the project: API, TOKEN"});
}

TEST_CASE_METHOD(Fixture, "a build without variables says nothing of them")
{
    job.variables.clear();

    CHECK(read(nullptr)->variables.empty());
    CHECK(lines.out().empty());
}

TEST_CASE_METHOD(Fixture, "a secret that cannot be opened is the platform's trouble, and not shown")
{
    Outcome<BuildEnvironment> environment = BuildEnvironment{};
    SECTION("there is no key")
    {
        environment = read(nullptr);
    }
    SECTION("it is bound to another project")
    {
        job.claim.project_id = "p-2";
        environment = read(&box);
    }

    REQUIRE(environment.has_error());
    CHECK(environment.error().failure_class == FailureClass::transient);
    CHECK_THAT(environment.error().message, Catch::Contains("variables"));
    CHECK_THAT(environment.error().message, !Catch::Contains("hush"));
    CHECK_THAT(environment.error().detail, !Catch::Contains("hush"));
}

}  // namespace
}  // namespace libra
