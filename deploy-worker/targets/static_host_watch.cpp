#include "deploy-worker/targets/static_host_watch.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

namespace {

constexpr int k_not_found = 404;

/// Empty if all is well.
std::string complaint(const Result<HttpReply>& reply)
{
    if (reply.has_error()) {
        return reply.error().detail;
    }
    return reply->status == k_not_found ? "" : fmt::format("it answered {}", reply->status);
}

}  // namespace

StaticHostWatch::StaticHostWatch(HttpClient& client, std::string probe_url, Log log)
    : client_{client}, probe_url_{std::move(probe_url)}, log_{std::move(log)}
{
}

void StaticHostWatch::look(const std::stop_token& stop)
{
    for (Part& part : parts_) {
        look_at(part, stop);
    }
}

void StaticHostWatch::look_at(Part& part, const std::stop_token& stop)
{
    const HttpCall call{
        .url = probe_url_ + '/',
        .headers = {{"host", std::string{part.host}}},
        .connect_timeout = std::chrono::seconds{2},
        .timeout = std::chrono::seconds{5},
        .head_only = true};
    const Result<HttpReply> reply = client_.send(call, stop);
    if (stop.stop_requested()) {
        return;
    }
    const std::string problem = complaint(reply);
    const State now = problem.empty() ? State::up : State::down;
    const State before = part.state.exchange(now);
    if (now == State::down && before != State::down) {
        log_.error(
            "sites are not served",
            {{"part", std::string{part.name}}, {"url", probe_url_}, {"reason", problem}}
        );
    } else if (now == State::up && before == State::down) {
        log_.info("sites are served again", {{"part", std::string{part.name}}});
    }
}

std::vector<StaticHostReading> StaticHostWatch::readings() const
{
    std::vector<StaticHostReading> readings;
    for (const Part& part : parts_) {
        const State state = part.state;
        if (state != State::unknown) {
            readings.push_back({.part = part.name, .up = state == State::up});
        }
    }
    return readings;
}

}  // namespace libra
