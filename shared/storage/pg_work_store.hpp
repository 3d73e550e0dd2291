#pragma once

#include "shared/storage/database.hpp"
#include "shared/storage/pg_pool.hpp"
#include "shared/storage/work_store.hpp"

#include <functional>
#include <string_view>

namespace pqxx {
class transaction_base;
}

namespace libra {

/// A write is accepted while its fence is the deployment's and the deployment is in progress, also
/// after `lease_until`: until somebody else claims it nobody can be harmed, and a claim moves the
/// fence. For the same reason an expired lease can be renewed.
class PgWorkStore final : public WorkStore {
public:
    PgWorkStore(PgPool& pool, OutboxRoutes routes, FleetLimits limits = {});

    Result<ClaimAnswer>
    claim(const std::string& deployment_id, const std::string& worker_id) override;
    Result<std::optional<std::string>> first_in_line() override;
    Result<bool> renew(const Lease& lease) override;
    Result<bool> cancel_requested(const Lease& lease) override;
    Result<void>
    begin_step(const Lease& lease, StepName step, const std::string& milestone) override;
    Result<void>
    end_step(const Lease& lease, StepName step, const std::optional<std::string>& error) override;
    Result<void> append_log(const Lease& lease, const std::vector<LogLine>& lines) override;
    Result<void> complete(const Lease& lease, const Completion& completion) override;
    Result<void>
    fail(const Lease& lease, const Failure& failure, StepName step, const FailureNotes& notes)
        override;
    Result<void> cancel(const Lease& lease, StepName step) override;
    Result<void> retry_later(
        const Lease& lease,
        const Failure& failure,
        StepName step,
        std::chrono::milliseconds delay
    ) override;
    Result<void> hand_back(const Lease& lease) override;

private:
    /// How an attempt ends; `outcome` is the word in its record.
    struct Ending {
        std::string outcome{};
        std::optional<StepName> step{};
        std::optional<Failure> failure{};
    };

    /// Writes the deployment's new state; runs while project and deployment are locked and held.
    using EndWrite = std::function<void(pqxx::transaction_base&)>;

    Result<void> end(const Lease& lease, const Ending& ending, const EndWrite& write);
    ClaimRefusal refuse(pqxx::transaction_base& transaction, const std::string& deployment_id);

    PgPool& pool_;
    OutboxRoutes routes_;
    FleetLimits limits_;
};

}  // namespace libra
