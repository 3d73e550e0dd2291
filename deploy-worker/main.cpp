#include "deploy-worker/config.hpp"
#include "deploy-worker/worker.hpp"
#include "shared/base/env.hpp"
#include "shared/base/log.hpp"
#include "shared/base/log_level_signals.hpp"
#include "shared/base/secrets.hpp"
#include "shared/base/termination_signals.hpp"
#include "shared/broker/amqp_endpoint.hpp"
#include "shared/objects/file_object_store.hpp"
#include "shared/objects/object_store_url.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
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

/// `only_check`: ends once the settings are read.
int serve(bool only_check)
{
    const TerminationSignals signals;
    Environment environment;
    const WorkerConfig config = read_worker_config(environment, ::isatty(STDERR_FILENO) == 1);
    const Result<AmqpEndpoint> endpoint = parse_amqp_url(config.rabbitmq_url.reveal());
    if (endpoint.has_error() && !config.rabbitmq_url.empty()) {
        environment.complain("RABBITMQ_URL", endpoint.error().detail);
    }
    const auto directory = object_store_directory(config.object_store_url);
    if (directory.has_error() && !config.object_store_url.empty()) {
        environment.complain("OBJECT_STORE_URL", directory.error().detail);
    }
    if (!environment.problems().empty()) {
        return complain(environment.problems());
    }
    if (only_check) {
        return 0;
    }
    const Result<std::unique_ptr<ObjectStore>> objects = FileObjectStore::open(*directory);
    if (objects.has_error()) {
        return complain({"OBJECT_STORE_URL: " + objects.error().detail});
    }

    Redactor& redactor = Worker::redactor();
    redactor.add_url_password(config.postgres_url.reveal());
    redactor.add_url_password(config.rabbitmq_url.reveal());
    hide(config.otlp, redactor);
    const std::unique_ptr<LogSink> sink = stderr_sink();
    const Log log = Log{"deploy-worker", config.log.level, config.log.format, *sink, redactor}.with(
        {{"worker", config.worker_id}}
    );
    const LogLevelSignals level_signals{log};
    Worker worker{config, *endpoint, **objects, log};
    return worker.run(signals);
}

}  // namespace
}  // namespace libra

int main(int argc, char** argv)
{
    CLI::App app{"Libra Deploy's worker: takes deployments from the queue and makes them live."};
    app.set_version_flag("--version", LIBRA_VERSION);
    const CLI::App* const check_settings = app.add_subcommand(
        "check-settings", "Reads the settings, names what is wrong with them and exits."
    );
    CLI11_PARSE(app, argc, argv);
    try {
        return libra::serve(check_settings->parsed());
    } catch (const std::exception& failure) {
        std::fputs((std::string{"libra-worker: "} + failure.what() + '\n').c_str(), stderr);
        return libra::k_exit_failure;
    }
}
