#include "api-gateway/config.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace std::chrono_literals;

namespace libra {
namespace {

using Variables = std::map<std::string, std::string>;

Environment environment_of(Variables variables)
{
    return Environment{[variables = std::move(variables)](const std::string& name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
    }};
}

const Variables k_least{
    {"POSTGRES_URL", "postgresql://u:p@db/libra"},
    {"RABBITMQ_URL", "amqp://u:p@mq/"},
    {"OBJECT_STORE_URL", "file:///var/lib/libra"}};

TEST_CASE("three variables are enough")
{
    Environment environment = environment_of(k_least);

    const GatewayConfig config = read_gateway_config(environment, false);

    CHECK(environment.problems().empty());
    CHECK(config.http.port == 3008);
    CHECK(config.http.limits.header_bytes == (16U << 10U));
    CHECK(config.http.limits.body_bytes == (25U << 20U));
    CHECK(config.limits.files == 5000);
    CHECK(config.max_pending_messages == 10'000);
    CHECK(config.development);
    CHECK(config.objects == "/var/lib/libra");
    CHECK(config.broker.host == "mq");
    CHECK(config.postgres.connections == 10);
    CHECK(config.http.workers == 32);
    CHECK(config.shutdown_grace == 15s);
    CHECK(config.log.format == LogFormat::json);
    CHECK(config.cors_origins.size() == 2);
    CHECK_FALSE(config.jwts);
}

TEST_CASE("on a terminal the log is text unless told otherwise")
{
    Environment environment = environment_of(k_least);
    CHECK(read_gateway_config(environment, true).log.format == LogFormat::text);

    Variables variables = k_least;
    variables["LOG_FORMAT"] = "json";
    Environment told = environment_of(variables);
    CHECK(read_gateway_config(told, true).log.format == LogFormat::json);
}

TEST_CASE("every mistake is reported, each with its variable")
{
    Environment environment = environment_of(
        {{"RABBITMQ_URL", "http://u:secret-1@mq/"},
         {"OBJECT_STORE_URL", "ftp://x"},
         {"PORT", "70000"},
         {"ENVIRONMENT", "staging"},
         {"LOG_LEVEL", "loud"},
         {"TRUSTED_PROXIES", "10.0.0.0/99"},
         {"CORS_ALLOWED_ORIGINS", "https://libra.dev/"},
         {"MAX_BODY_BYTES", "-1"},
         {"MAX_PENDING_MESSAGES", "0"}}
    );

    read_gateway_config(environment, false);

    std::string all;
    for (const std::string& problem : environment.problems()) {
        all += problem + "\n";
    }
    for (const char* const name :
         {"POSTGRES_URL: ",
          "RABBITMQ_URL: ",
          "OBJECT_STORE_URL: ",
          "PORT: ",
          "ENVIRONMENT: ",
          "LOG_LEVEL: ",
          "TRUSTED_PROXIES: ",
          "CORS_ALLOWED_ORIGINS: ",
          "MAX_BODY_BYTES: ",
          "MAX_PENDING_MESSAGES: "}) {
        CHECK_THAT(all, Catch::Matchers::Contains(name));
    }
    CHECK_THAT(all, !Catch::Matchers::Contains("secret-1"));
    CHECK(environment.problems().size() == 10);
}

TEST_CASE("an issuer of JWTs is three variables")
{
    Variables variables = k_least;
    variables["JWT_JWKS_URL"] = "https://id.example/.well-known/jwks.json";
    variables["JWT_ISSUER"] = "https://id.example/";
    variables["JWT_AUDIENCE"] = "libra";
    Environment environment = environment_of(variables);

    const GatewayConfig config = read_gateway_config(environment, false);

    CHECK(environment.problems().empty());
    REQUIRE(config.jwts);
    CHECK(config.jwts->keys_url == "https://id.example/.well-known/jwks.json");
    CHECK(config.jwts->rules.issuer == "https://id.example/");
    CHECK(config.jwts->rules.audience == "libra");
}

TEST_CASE("a part of an issuer of JWTs is a mistake that names the missing variables")
{
    Variables variables = k_least;
    variables["JWT_ISSUER"] = "https://id.example/";
    Environment environment = environment_of(variables);

    read_gateway_config(environment, false);

    REQUIRE(environment.problems().size() == 2);
    CHECK_THAT(environment.problems()[0], Catch::Matchers::StartsWith("JWT_JWKS_URL: "));
    CHECK_THAT(environment.problems()[1], Catch::Matchers::StartsWith("JWT_AUDIENCE: "));
}

TEST_CASE("the keys of an issuer of JWTs are fetched over HTTP")
{
    Variables variables = k_least;
    variables["JWT_ISSUER"] = "https://id.example/";
    variables["JWT_AUDIENCE"] = "libra";
    variables["JWT_JWKS_URL"] = GENERATE(
        "file:///keys", "id.example/keys", "https://", "https:///keys", "https://id.example/a b"
    );
    Environment environment = environment_of(variables);

    read_gateway_config(environment, false);

    REQUIRE(environment.problems().size() == 1);
    CHECK_THAT(environment.problems()[0], Catch::Matchers::StartsWith("JWT_JWKS_URL: "));
}

}  // namespace
}  // namespace libra
