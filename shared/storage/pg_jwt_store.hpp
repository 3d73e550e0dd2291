#pragma once

#include "shared/storage/jwt_store.hpp"
#include "shared/storage/pg_pool.hpp"

namespace libra {

class PgJwtStore final : public JwtStore {
public:
    /// `pool` must outlive it.
    explicit PgJwtStore(PgPool& pool) : pool_{pool} {}

    Result<void> note(const AdmittedJwt& jwt) override;

private:
    PgPool& pool_;
};

}  // namespace libra
