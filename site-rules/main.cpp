#include "shared/base/clock.hpp"
#include "shared/base/env.hpp"
#include "shared/base/log.hpp"
#include "shared/base/log_level_signals.hpp"
#include "shared/base/log_settings.hpp"
#include "shared/base/random.hpp"
#include "shared/base/secrets.hpp"
#include "shared/base/termination_signals.hpp"
#include "shared/http/http_server.hpp"
#include "site-rules/guide/guide.hpp"
#include "site-rules/guide/served_sites.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <unistd.h>

namespace libra {
namespace {

constexpr int k_exit_failure = 1;
constexpr int k_exit_configuration = 2;

/// Only the static host asks, over connections that it keeps.
HttpSettings read_http(Environment& environment)
{
    using namespace std::chrono_literals;
    constexpr std::int64_t k_port = 8081;
    HttpSettings http;
    http.address = environment.text("SITE_RULES_BIND", "127.0.0.1");
    http.port =
        static_cast<std::uint16_t>(environment.integer("SITE_RULES_PORT", k_port, 1, 65'535));
    http.limits.header_bytes = std::size_t{64} << 10U;
    http.limits.body_bytes = 1;
    http.limits.connections_per_address = http.limits.connections;
    http.deadlines.keep_alive = 300s;
    http.queued_work = http.limits.connections;
    return http;
}

int serve()
{
    const TerminationSignals signals;
    Environment environment;
    const std::string sites_root = environment.required_text("SITES_ROOT");
    const HttpSettings settings = read_http(environment);
    const LogSettings logging = read_log_settings(environment, ::isatty(STDERR_FILENO) == 1);
    for (const std::string& problem : environment.problems()) {
        std::fputs((problem + '\n').c_str(), stderr);
    }
    if (!environment.problems().empty()) {
        return k_exit_configuration;
    }
    Redactor redactor;
    const std::unique_ptr<LogSink> sink = stderr_sink();
    const Log log{"site-rules", logging.level, logging.format, *sink, redactor};
    const LogLevelSignals level_signals{log};
    SystemClock clock;
    SystemRandom random;
    ServedSites sites{sites_root};
    Guide guide{sites, log};
    HttpServer server{guide, clock, random, log, settings};
    if (const Result<void> started = server.start(); started.has_error()) {
        log.error("cannot listen", {{"reason", started.error().detail}});
        return k_exit_failure;
    }
    log.info("listening", {{"address", settings.address}, {"port", std::to_string(server.port())}});
    signals.wait();
    server.stop(std::chrono::seconds{5});
    log.info("stopped");
    return 0;
}

}  // namespace
}  // namespace libra

int main(int argc, char** argv)
{
    CLI::App app{
        "Libra Deploy's guide for the static host: what _headers and _redirects of sites say."};
    app.set_version_flag("--version", LIBRA_VERSION);
    CLI11_PARSE(app, argc, argv);
    try {
        return libra::serve();
    } catch (const std::exception& failure) {
        std::fputs((std::string{"libra-site-rules: "} + failure.what() + '\n').c_str(), stderr);
        return libra::k_exit_failure;
    }
}
