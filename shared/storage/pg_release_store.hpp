#pragma once

#include "shared/storage/pg_pool.hpp"
#include "shared/storage/release_store.hpp"

namespace libra {

/// Accepts a fence as PgWorkStore does. `flip` may run twice when the connection breaks under it,
/// and a `flip` longer than the pool's call limit loses the lock it runs under.
class PgReleaseStore final : public ReleaseStore {
public:
    explicit PgReleaseStore(PgPool& pool);

    Result<std::int64_t> record_upload(
        const Lease& lease,
        const UploadedArtifact& artifact,
        const std::optional<Digest>& source
    ) override;

    Result<SwitchVerdict> switch_live(
        const Lease& lease,
        const ReleaseUrls& urls,
        const std::function<Result<void>(const std::vector<std::string>& domains)>& flip
    ) override;

private:
    PgPool& pool_;
};

}  // namespace libra
