#pragma once

#include "shared/base/result.hpp"
#include "shared/storage/work_store.hpp"

#include <optional>
#include <string>

/// @file The check that a lease still holds, for transactions that write other rows than the
/// deployment's own.

namespace pqxx {
class transaction_base;
}

namespace libra {

struct HeldDeployment {
    std::string project_id{};
    std::string org_id{};
    std::int64_t generation{};
};

/// Locks the deployment, so that nobody can claim it before the transaction ends.
/// @return `fenced` when the lease is gone.
Result<HeldDeployment> hold(pqxx::transaction_base& transaction, const Lease& lease);

/// The error of a lease that is gone.
Error fenced(const Lease& lease);

}  // namespace libra
