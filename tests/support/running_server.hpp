#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"
#include "shared/http/http_server.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/scripted_application.hpp"

#include <utility>

namespace libra::testing {

/// An HttpServer on a free port of the loopback address.
struct RunningServer {
    explicit RunningServer(HttpSettings settings = {})
        : server{application, clock, random, log.log(), on_loopback(std::move(settings))}
    {
        if (const Result<void> started = server.start(); !started) {
            throw std::runtime_error{started.error().detail};
        }
    }

    ~RunningServer() { application.release(); }

    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    RawClient connect() const { return RawClient{server.port()}; }

    static HttpSettings on_loopback(HttpSettings settings)
    {
        settings.address = "127.0.0.1";
        settings.port = 0;
        return settings;
    }

    SystemClock clock;
    SystemRandom random;
    RecordingLog log;
    ScriptedApplication application;
    HttpServer server;
};

}  // namespace libra::testing
