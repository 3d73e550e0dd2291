#pragma once

#include "shared/storage/database.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// @file The pieces that several transactions on a running deployment share. Each belongs into the
/// caller's transaction.

namespace pqxx {
class transaction_base;
}

namespace libra {

/// Locks the project of a deployment. To be called before the deployment is locked: every
/// transaction that writes both takes them in this order, so that none waits for another in a ring.
void lock_project(pqxx::transaction_base& transaction, const std::string& deployment_id);

/// Sets the project's status to what follows from the deployment's.
void settle_project(pqxx::transaction_base& transaction, const std::string& deployment_id);

/// Marks the steps still in progress as failed.
void interrupt_steps(pqxx::transaction_base& transaction, const std::string& deployment_id);

/// Gives the deployment back to the allowance it was taken from: the failure was not the user's.
void give_back_quota(pqxx::transaction_base& transaction, const std::string& deployment_id);

/// Makes the deployment's message due after `delay`, or when its lease ends if it has one. Moves
/// the row that is there, also out of the hands of a relay that holds it; else writes one.
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
