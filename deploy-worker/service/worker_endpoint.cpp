#include "deploy-worker/service/worker_endpoint.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace libra {

namespace {

HttpResponse text(int status, std::string_view line)
{
    HttpResponse response{.status = status};
    response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    response.body = std::string{line} + '\n';
    return response;
}

}  // namespace

WorkerEndpoint::WorkerEndpoint(Parts parts) : parts_{std::move(parts)} {}

std::optional<HttpResponse> WorkerEndpoint::answer_at_once(const HttpRequest& head)
{
    if (head.path != "/livez" && head.path != "/readyz" && head.path != "/metrics") {
        return text(404, "A worker answers /livez, /readyz and /metrics.");
    }
    if (head.method != "GET" && head.method != "HEAD") {
        HttpResponse response = text(405, "Use GET.");
        response.headers.emplace_back("Allow", "GET, HEAD");
        return response;
    }
    if (head.path == "/livez") {
        return text(200, "ok");
    }
    if (head.path == "/readyz") {
        return ready();
    }
    return std::nullopt;
}

HttpResponse WorkerEndpoint::answer(const HttpRequest& /*request*/)
{
    HttpResponse response;
    response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.body = parts_.metrics.expose();
    return response;
}

HttpResponse WorkerEndpoint::ready() const
{
    if (parts_.state.draining) {
        return text(503, "The worker is shutting down.");
    }
    if (!parts_.monitor.database_healthy()) {
        return text(503, "The database does not answer.");
    }
    if (!parts_.state.prepared) {
        return text(503, "The worker is being prepared.");
    }
    if (!parts_.monitor.queue_healthy()) {
        return text(503, "The broker is not connected.");
    }
    return text(200, "ok");
}

HttpResponse WorkerEndpoint::refuse(const ErrorKind& error)
{
    return text(error.status, error.message);
}

void WorkerEndpoint::finish(const HttpRequest& /*request*/, HttpResponse& /*response*/) {}

void WorkerEndpoint::served(const ServedRequest& served)
{
    if (served.status >= 500 && served.request.path != "/readyz") {
        parts_.log.warning("request not answered", {{"status", std::to_string(served.status)}});
    }
}

}  // namespace libra
