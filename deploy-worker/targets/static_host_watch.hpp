#pragma once

#include "shared/base/log.hpp"
#include "shared/net/http_client.hpp"

#include <array>
#include <atomic>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// @file Whether the sites are served, asked of the static host itself: nobody deploys at night.

namespace libra {

struct StaticHostReading {
    std::string_view part{};  // files: the static host; rules: libra-site-rules behind it
    bool up{};
};

/// `look` belongs to one thread; the rest may be called from any.
class StaticHostWatch {
public:
    /// `probe_url` is the static host as this worker reaches it. `client` must outlive the watch.
    StaticHostWatch(HttpClient& client, std::string probe_url, Log log);

    /// Asks for names that nobody can own (deploy/caddy/Caddyfile); 404 is what is well. Blocks for
    /// a few seconds at most, and says in the log what has changed.
    void look(const std::stop_token& stop);

    /// As of the last look; empty before it.
    std::vector<StaticHostReading> readings() const;

private:
    enum class State { unknown, up, down };

    struct Part {
        std::string_view name{};
        std::string_view host{};
        std::atomic<State> state{State::unknown};
    };

    void look_at(Part& part, const std::stop_token& stop);

    HttpClient& client_;
    std::string probe_url_;
    Log log_;
    std::array<Part, 2> parts_{
        Part{.name = "files", .host = "static-host.invalid"},
        Part{.name = "rules", .host = "site-rules.invalid"}};
};

}  // namespace libra
