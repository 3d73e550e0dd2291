#pragma once

#include "shared/storage/event_store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace libra::testing {

/// Gives out the events it is given, as the real store does, to every reader but `blind`; keeps
/// what it was asked.
class FakeEventStore final : public EventStore {
public:
    struct Call {
        Reader reader{};
        std::string deployment_id{};
        std::int64_t after{};
        int limit{};
    };

    Result<EventPage>
    events(const Reader& reader, const std::string& deployment_id, std::int64_t after, int limit)
        override
    {
        calls.push_back({reader, deployment_id, after, limit});
        if (failure) {
            return *failure;
        }
        if (blind.contains(reader.user_id) || !given.contains(deployment_id)) {
            return Error{Errc::not_found, "not there"};
        }
        const std::vector<DeploymentEvent>& all = given[deployment_id];
        EventPage page{.last = static_cast<std::int64_t>(all.size())};
        for (const DeploymentEvent& event : all) {
            if (event.place > after && std::cmp_less(page.events.size(), limit)) {
                page.events.push_back(event);
            }
        }
        const std::int64_t reached = page.events.empty() ? after : page.events.back().place;
        page.finished = !all.empty() && all.back().kind == "end" && reached >= page.last;
        return page;
    }

    void happen(const std::string& deployment_id, const std::string& kind)
    {
        auto& all = given[deployment_id];
        all.push_back(
            {.place = static_cast<std::int64_t>(all.size() + 1), .kind = kind, .data_json = "{}"}
        );
    }

    std::map<std::string, std::vector<DeploymentEvent>> given{};
    std::set<std::string> blind{};
    std::optional<Error> failure{};
    std::vector<Call> calls{};
};

}  // namespace libra::testing
