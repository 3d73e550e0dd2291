#include "shared/storage/pg_fence.hpp"

#include <fmt/format.h>
#include <pqxx/result>
#include <pqxx/transaction_base>

namespace libra {

Result<HeldDeployment> hold(pqxx::transaction_base& transaction, const Lease& lease)
{
    const pqxx::result rows = transaction.exec_params(
        R"(
            select project_id, org_id, generation from deployments
            where id = $1 and fence = $2 and status = 'in_progress'
            for no key update
        )",
        lease.deployment_id,
        lease.fence
    );
    if (rows.empty()) {
        return fenced(lease);
    }
    return HeldDeployment{
        .project_id = rows[0][0].as<std::string>(),
        .org_id = rows[0][1].as<std::string>(),
        .generation = rows[0][2].as<std::int64_t>()};
}

Error fenced(const Lease& lease)
{
    return {
        Errc::fenced,
        fmt::format("lease {} on deployment {} is gone", lease.fence, lease.deployment_id)};
}

}  // namespace libra
