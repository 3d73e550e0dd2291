#pragma once

#include "shared/storage/database.hpp"
#include "shared/storage/deployment_control.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

class PgDeploymentControl final : public DeploymentControl {
public:
    PgDeploymentControl(PgPool& pool, OutboxRoutes routes);

    Result<CancelVerdict> cancel(
        const Credential& credential,
        const std::string& deployment_id,
        const std::string& request_id
    ) override;
    Result<QueuePlace>
    place(const Credential& credential, const std::string& deployment_id) override;

private:
    PgPool& pool_;
    OutboxRoutes routes_;
};

}  // namespace libra
