#include "deploy-worker/config.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace libra {
namespace {

using Variables = std::map<std::string, std::string>;

const Variables k_required{
    {"POSTGRES_URL", "postgresql://libra:secret-1@db/libra"},
    {"RABBITMQ_URL", "amqp://libra:secret-2@mq"},
    {"OBJECT_STORE_URL", "file:///var/lib/libra/objects"},
    {"SITES_ROOT", "/var/lib/libra/sites"},
    {"WORK_ROOT", "/var/lib/libra/work"},
};

Environment environment_of(Variables variables)
{
    return Environment{[variables = std::move(variables)](const std::string& name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
    }};
}

TEST_CASE("a worker needs five variables and takes the documented defaults for the rest")
{
    Environment environment = environment_of(k_required);

    const WorkerConfig config = read_worker_config(environment, false);

    CHECK(environment.problems().empty());
    CHECK(config.queue_name == "deployment-queue");
    CHECK(config.dead_letter_queue_name == "deployment-dlq");
    CHECK(config.deployment_timeout == std::chrono::minutes{10});
    CHECK(config.retry_base == std::chrono::seconds{5});
    CHECK(config.fleet.deployments == 5);
    CHECK_FALSE(config.fleet.of_organization.has_value());
    CHECK(config.sites_domain == "localhost");
    CHECK(config.sites_probe_url == "http://127.0.0.1:8080");
    CHECK(config.sandbox.memory_bytes == 2ULL << 30U);
    CHECK(config.max_source_bytes == 1ULL << 30U);
    CHECK_FALSE(config.worker_id.empty());
}

TEST_CASE("a worker names every missing and every bad variable at once, and no secret")
{
    Environment environment = environment_of(
        {{"POSTGRES_URL", "postgresql://libra:secret-1@db/libra"},
         {"MAX_DEPLOYMENT_TIMEOUT", "soon"},
         {"MAX_CONCURRENT_DEPLOYMENTS", "0"},
         {"MAX_CONCURRENT_PER_ORG", "many"},
         {"MAX_SOURCE_BYTES", "0"},
         {"SITES_SCHEME", "gopher"},
         {"DEPLOY_TARGET", "ftp"},
         {"WORKER_ID", "a/b"}}
    );

    read_worker_config(environment, false);

    std::string all;
    for (const std::string& problem : environment.problems()) {
        all += problem + '\n';
    }
    for (const char* name :
         {"RABBITMQ_URL",
          "OBJECT_STORE_URL",
          "SITES_ROOT",
          "WORK_ROOT",
          "MAX_DEPLOYMENT_TIMEOUT",
          "MAX_CONCURRENT_DEPLOYMENTS",
          "MAX_CONCURRENT_PER_ORG",
          "MAX_SOURCE_BYTES",
          "SITES_SCHEME",
          "DEPLOY_TARGET",
          "WORKER_ID"}) {
        CHECK_THAT(all, Catch::Contains(name));
    }
    CHECK_THAT(all, !Catch::Contains("secret-1"));
}

TEST_CASE("an organisation may have a limit of its own")
{
    Variables variables = k_required;
    variables["MAX_CONCURRENT_DEPLOYMENTS"] = "12";
    variables["MAX_CONCURRENT_PER_ORG"] = "3";
    Environment environment = environment_of(variables);

    const WorkerConfig config = read_worker_config(environment, false);

    CHECK(config.fleet.deployments == 12);
    CHECK(config.fleet.of_organization == 3);
}

TEST_CASE("a site served by https is found at its usual port")
{
    Variables variables = k_required;
    variables["SITES_SCHEME"] = "https";
    Environment environment = environment_of(variables);

    CHECK(read_worker_config(environment, false).sites_port == 443);
}

TEST_CASE("webhooks need a key, and reach private networks only where they are named")
{
    Environment without = environment_of(k_required);
    CHECK_FALSE(read_worker_config(without, false).webhook_keys.has_value());
    CHECK(without.problems().empty());

    Variables variables = k_required;
    variables["WEBHOOK_SECRET"] = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=";
    variables["WEBHOOK_ALLOWED_NETWORKS"] = "10.9.0.0/16, ::1";
    variables["WEBHOOK_RETRY_BASE_MS"] = "250";
    Environment with = environment_of(variables);
    const WorkerConfig config = read_worker_config(with, false);
    CHECK(with.problems().empty());
    CHECK(config.webhook_keys.has_value());
    CHECK(config.webhook_addresses.lets_through("10.9.1.1"));
    CHECK_FALSE(config.webhook_addresses.lets_through("10.8.1.1"));
    CHECK(config.webhook_retry_base == std::chrono::milliseconds{250});

    variables["WEBHOOK_ALLOWED_NETWORKS"] = "intranet";
    Environment bad = environment_of(variables);
    read_worker_config(bad, false);
    REQUIRE(bad.problems().size() == 1);
    CHECK(
        bad.problems()[0] == "WEBHOOK_ALLOWED_NETWORKS: 'intranet' is no IP address or CIDR network"
    );
}

}  // namespace
}  // namespace libra
