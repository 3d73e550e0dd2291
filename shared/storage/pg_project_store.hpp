#pragma once

#include "shared/storage/pg_pool.hpp"
#include "shared/storage/project_store.hpp"

namespace libra {

/// Accepts a fence as PgWorkStore does.
class PgProjectStore final : public ProjectStore {
public:
    explicit PgProjectStore(PgPool& pool);

    Result<Standing> standing(const Lease& lease) override;
    Result<QuotaAnswer> take_quota(const Lease& lease) override;
    Result<bool> reserve_domain(const Lease& lease, const std::string& hostname) override;
    Result<std::optional<Digest>> base_source(const Lease& lease) override;
    Result<std::optional<std::string>> site_template(const Lease& lease) override;
    Result<std::vector<StoredVariable>> variables(const Lease& lease) override;
    Result<std::optional<ReusableBuild>> note_build(const Lease& lease, const Digest& key) override;
    Result<ReleaseComparison> last_good_release(const Lease& lease) override;
    Result<void> set_source(const Lease& lease, const Digest& manifest) override;

private:
    PgPool& pool_;
};

}  // namespace libra
