#pragma once

#include "shared/storage/project_store.hpp"

namespace libra::testing {

/// Says what its members say.
class FakeProjectStore final : public ProjectStore {
public:
    Result<Standing> standing_answer{Standing{true, true, true}};
    Result<QuotaAnswer> quota_answer{QuotaAnswer{.taken = true, .plan = "free", .limit = 10}};
    Result<bool> domain_answer{true};
    std::optional<Digest> base{};
    std::optional<Digest> source{};     // what set_source was told last
    std::optional<Digest> build_key{};  // what note_build was told last
    std::optional<ReusableBuild> reusable{};
    Result<ReleaseComparison> comparison{ReleaseComparison{}};
    int quota_calls{0};
    std::optional<std::string> site_template_answer{};
    Result<std::vector<StoredVariable>> variables_answer{std::vector<StoredVariable>{}};

    Result<Standing> standing(const Lease&) override { return standing_answer; }

    Result<QuotaAnswer> take_quota(const Lease&) override
    {
        ++quota_calls;
        return quota_answer;
    }

    Result<bool> reserve_domain(const Lease&, const std::string&) override { return domain_answer; }

    Result<std::optional<Digest>> base_source(const Lease&) override { return base; }

    Result<std::optional<std::string>> site_template(const Lease&) override
    {
        return site_template_answer;
    }

    Result<std::vector<StoredVariable>> variables(const Lease&) override
    {
        return variables_answer;
    }

    Result<std::optional<ReusableBuild>> note_build(const Lease&, const Digest& key) override
    {
        build_key = key;
        return reusable;
    }

    Result<ReleaseComparison> last_good_release(const Lease&) override { return comparison; }

    Result<void> set_source(const Lease&, const Digest& manifest) override
    {
        source = manifest;
        return {};
    }
};

}  // namespace libra::testing
