#pragma once

#include "shared/storage/database.hpp"
#include "shared/storage/pg_pool.hpp"
#include "shared/storage/rescue_store.hpp"

namespace libra {

class PgRescueStore final : public RescueStore {
public:
    PgRescueStore(PgPool& pool, OutboxRoutes routes);

    Result<void> set_slots(int number) override;
    Result<int> announce_lost(bool queue_empty) override;
    Result<int> fill_slots() override;
    Result<int> forget_keys() override;
    Result<int> forget_releases(int kept) override;
    Result<std::vector<std::string>> unneeded_releases(const std::vector<std::string>& names
    ) override;
    Result<int> restore_sites(const std::function<Result<void>(const LiveSite&)>& restore) override;
    Result<int> follow_site_changes(const std::function<Result<void>(const LiveName&)>& follow
    ) override;

private:
    Result<bool> restore_site(
        const std::string& project_id,
        const std::function<Result<void>(const LiveSite&)>& restore
    );

    PgPool& pool_;
    OutboxRoutes routes_;
};

}  // namespace libra
