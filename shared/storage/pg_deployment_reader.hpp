#pragma once

#include "shared/storage/deployment_reader.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

class PgDeploymentReader final : public DeploymentReader {
public:
    explicit PgDeploymentReader(PgPool& pool);

    Result<DeploymentRecord> find(const std::string& deployment_id) override;

private:
    PgPool& pool_;
};

}  // namespace libra
