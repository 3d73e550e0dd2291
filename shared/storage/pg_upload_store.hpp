#pragma once

#include "shared/storage/pg_pool.hpp"
#include "shared/storage/upload_store.hpp"

namespace libra {

class PgUploadStore final : public UploadStore {
public:
    /// `pool` must outlive it.
    explicit PgUploadStore(PgPool& pool) : pool_{pool} {}

    Result<UploadAccess> access(const Principal& caller, const std::string& org_id) override;
    Result<bool> record(
        const std::string& org_id,
        const Digest& digest,
        std::uint64_t bytes,
        const std::string& user_id
    ) override;
    Result<std::set<Digest>>
    uploaded(const std::string& org_id, const std::vector<Digest>& digests) override;

private:
    PgPool& pool_;
};

}  // namespace libra
