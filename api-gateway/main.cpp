#include "api-gateway/config.hpp"
#include "api-gateway/gateway.hpp"
#include "api-gateway/operator_token.hpp"
#include "api-gateway/reseal_secrets.hpp"
#include "shared/base/env.hpp"
#include "shared/base/log.hpp"
#include "shared/base/log_level_signals.hpp"
#include "shared/base/secrets.hpp"
#include "shared/base/termination_signals.hpp"
#include "shared/objects/file_object_store.hpp"
#include "shared/storage/migrations.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace libra {
namespace {

constexpr int k_exit_failure = 1;
constexpr int k_exit_configuration = 2;

int complain(const std::vector<std::string>& problems)
{
    for (const std::string& problem : problems) {
        std::fputs((problem + '\n').c_str(), stderr);
    }
    return k_exit_configuration;
}

/// One descriptor a connection: the usual soft limit of 1024 would be reached before ours.
void allow_many_descriptors()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int serve()
{
    const TerminationSignals signals;
    Environment environment;
    const GatewayConfig config = read_gateway_config(environment, ::isatty(STDERR_FILENO) == 1);
    if (!environment.problems().empty()) {
        return complain(environment.problems());
    }
    const Result<std::unique_ptr<ObjectStore>> objects = FileObjectStore::open(config.objects);
    if (objects.has_error()) {
        return complain({"OBJECT_STORE_URL: " + objects.error().detail});
    }
    allow_many_descriptors();

    Redactor redactor;
    redactor.add_url_password(config.postgres.url.reveal());
    redactor.add_url_password(config.rabbitmq_url.reveal());
    if (config.jwts) {
        redactor.add_url_password(config.jwts->keys_url);
    }
    hide(config.otlp, redactor);
    const std::unique_ptr<LogSink> sink = stderr_sink();
    const Log log{"api-gateway", config.log.level, config.log.format, *sink, redactor};
    const LogLevelSignals level_signals{log};
    Gateway gateway{config, **objects, log};
    return gateway.run(signals);
}

int check_settings()
{
    Environment environment;
    read_gateway_config(environment, false);
    return environment.problems().empty() ? 0 : complain(environment.problems());
}

int migrate()
{
    Environment environment;
    const PgSettings settings = read_postgres_settings(environment);
    if (!environment.problems().empty()) {
        return complain(environment.problems());
    }
    const Result<int> applied = apply_migrations(settings, embedded_migrations());
    if (applied.has_error()) {
        std::fputs(("migrate: " + applied.error().detail + '\n').c_str(), stderr);
        return k_exit_failure;
    }
    std::puts((std::to_string(*applied) + " migrations applied").c_str());
    return 0;
}

}  // namespace
}  // namespace libra

int main(int argc, char** argv)
{
    CLI::App app{"Libra Deploy's gateway: takes deployments over HTTP and queues them."};
    app.set_version_flag("--version", LIBRA_VERSION);
    const CLI::App* const migrate =
        app.add_subcommand("migrate", "Brings the database's schema up to date and exits.");
    const CLI::App* const check_settings = app.add_subcommand(
        "check-settings", "Reads the settings, names what is wrong with them and exits."
    );
    CLI::App* const operator_token = app.add_subcommand(
        "operator-token", "Makes a token that administers the platform, prints it and exits."
    );
    std::string user;
    operator_token->add_option("USER", user, "In whose name it acts.")->required();
    CLI::App* const reseal = app.add_subcommand(
        "reseal-secrets",
        "Encrypts secret variables anew under the first key of SECRETS_KEY and exits."
    );
    bool only_count = false;
    reseal->add_flag("--check", only_count, "Only say under which keys they are.");
    app.require_subcommand(0, 1);
    CLI11_PARSE(app, argc, argv);
    try {
        if (operator_token->parsed()) {
            return libra::make_operator_token(user);
        }
        if (reseal->parsed()) {
            return libra::reseal_secrets(only_count);
        }
        if (check_settings->parsed()) {
            return libra::check_settings();
        }
        return migrate->parsed() ? libra::migrate() : libra::serve();
    } catch (const std::exception& failure) {
        std::fputs((std::string{"libra-gateway: "} + failure.what() + '\n').c_str(), stderr);
        return libra::k_exit_failure;
    }
}
