#pragma once

#include "shared/storage/rescue_store.hpp"

#include <vector>

namespace libra::testing {

/// Says what its members say, and offers `sites` to be restored and `names` to be followed.
class FakeRescueStore final : public RescueStore {
public:
    Result<int> announce_answer{0};
    Result<int> fill_answer{0};
    Result<int> forget_answer{0};
    std::vector<LiveSite> sites{};
    std::vector<LiveName> names{};
    std::vector<bool> announced_with{};  // `queue_empty` of each call
    int fills{0};
    int forgets{0};
    Result<int> forget_releases_answer{0};
    std::vector<int> kept{};  // of each call
    Result<std::vector<std::string>> unneeded{std::vector<std::string>{}};
    std::vector<std::vector<std::string>> asked_for{};

    Result<void> set_slots(int) override { return {}; }

    Result<int> announce_lost(bool queue_empty) override
    {
        announced_with.push_back(queue_empty);
        return announce_answer;
    }

    Result<int> fill_slots() override
    {
        ++fills;
        return fill_answer;
    }

    Result<int> forget_releases(int newest) override
    {
        kept.push_back(newest);
        return forget_releases_answer;
    }

    Result<std::vector<std::string>> unneeded_releases(const std::vector<std::string>& uploads
    ) override
    {
        asked_for.push_back(uploads);
        return unneeded;
    }

    Result<int> forget_keys() override
    {
        ++forgets;
        return forget_answer;
    }

    Result<int> restore_sites(const std::function<Result<void>(const LiveSite&)>& restore) override
    {
        int restored = 0;
        for (const LiveSite& site : sites) {
            if (const Result<void> done = restore(site); done.has_error()) {
                return done.error();
            }
            ++restored;
        }
        return restored;
    }

    Result<int> follow_site_changes(const std::function<Result<void>(const LiveName&)>& follow
    ) override
    {
        for (const LiveName& name : names) {
            if (const Result<void> done = follow(name); done.has_error()) {
                return done.error();
            }
        }
        return static_cast<int>(names.size());
    }
};

}  // namespace libra::testing
