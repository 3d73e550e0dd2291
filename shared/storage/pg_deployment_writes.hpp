#pragma once

#include "shared/base/result.hpp"
#include "shared/storage/database.hpp"
#include "shared/storage/pg_pool.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file The pieces that several transactions on a running deployment share. Each but `fill_slots`
/// belongs into the caller's transaction.

namespace pqxx {
class transaction_base;
}

namespace libra {

/// Locks the project of a deployment. To be called before the deployment is locked: every
/// transaction that writes both takes them in this order, so that none waits for another in a ring.
void lock_project(pqxx::transaction_base& transaction, const std::string& deployment_id);

/// Sets the project's status to what follows from the deployment's, and announces the deployment
/// that waited for this one, if it has ended. Needs the project locked.
void settle_project(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id
);

/// Ends a deployment whose release is live as completed. Needs project and deployment locked.
void end_as_live(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id
);

/// Puts the deployment aside until it gets a slot. Needs project and deployment locked.
void park(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id,
    std::optional<int> of_organization
);

/// The deployment runs no more.
void free_slot(pqxx::transaction_base& transaction, const std::string& deployment_id);

/// Gives free slots to parked deployments, in a transaction of its own, to be run after every one
/// that freed a slot or parked a deployment. @return how many; on an error the rescuer's next pass
/// makes up for it.
Result<int> fill_slots(PgPool& pool, const OutboxRoutes& routes);

/// The custom domains of a project.
std::vector<std::string>
domains_of(pqxx::transaction_base& transaction, const std::string& project_id);

/// Writes off the attempts of workers that are gone.
void close_lost_attempts(pqxx::transaction_base& transaction, const std::string& deployment_id);

/// Whose attempt this transaction has written off; nobody's: empty.
std::string lost_worker(pqxx::transaction_base& transaction, const std::string& deployment_id);

/// Marks the steps still in progress as failed.
void interrupt_steps(pqxx::transaction_base& transaction, const std::string& deployment_id);

/// Gives the deployment back to the allowance it was taken from: the failure was not the user's.
void give_back_quota(pqxx::transaction_base& transaction, const std::string& deployment_id);

/// Makes the deployment's message due after `delay`, or when its lease ends if it has one.
void schedule_message(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id,
    std::chrono::milliseconds delay
);

/// Records the deployment's message as a dead letter and sends it to the dead letter queue.
void write_dead_letter(
    pqxx::transaction_base& transaction,
    const OutboxRoutes& routes,
    const std::string& deployment_id,
    const std::string& failure_class,
    const std::string& reason
);

}  // namespace libra
