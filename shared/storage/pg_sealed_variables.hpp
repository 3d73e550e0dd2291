#pragma once

#include "shared/base/result.hpp"
#include "shared/storage/pg_pool.hpp"

#include <string>
#include <vector>

/// @file The secrets of all projects, as whoever changes SECRETS_KEY goes through them.

namespace libra {

struct SealedVariable {
    std::string project_id{};
    std::string name{};
    std::string sealed{};  // any bytes
};

/// Each call is one statement; `unavailable` when the database does not answer.
class PgSealedVariables {
public:
    /// `pool` must outlive it.
    explicit PgSealedVariables(PgPool& pool) : pool_{pool} {}

    /// The next ones behind `last`, by project and name; of a default-made `last` the first ones.
    Result<std::vector<SealedVariable>> after(const SealedVariable& last, int limit);

    /// Its value is the same, so it still counts as set when it was. @return false where it was
    /// set anew or removed meanwhile, which stays as it is.
    Result<bool> replace(const SealedVariable& found, const std::string& sealed);

private:
    PgPool& pool_;
};

}  // namespace libra
