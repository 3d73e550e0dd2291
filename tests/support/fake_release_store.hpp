#pragma once

#include "shared/storage/release_store.hpp"

#include <deque>
#include <optional>
#include <vector>

namespace libra::testing {

/// Flips, unless an answer is scripted.
class FakeReleaseStore final : public ReleaseStore {
public:
    Result<std::int64_t> record_answer{31};
    std::optional<Error> later_record_answer{};  // of every call but the first
    std::deque<Result<SwitchVerdict>>
        switch_answers{};  // in order, without a flip; afterwards live
    std::vector<std::string> domains{};
    std::vector<UploadedArtifact> recorded{};

    Result<std::int64_t> record_upload(
        const Lease&,
        const UploadedArtifact& artifact,
        const std::optional<Digest>& /*source*/
    ) override
    {
        recorded.push_back(artifact);
        return later_record_answer && recorded.size() > 1 ? *later_record_answer : record_answer;
    }

    Result<SwitchVerdict> switch_live(
        const Lease&,
        const ReleaseUrls&,
        const std::function<Result<void>(const std::vector<std::string>&)>& flip
    ) override
    {
        if (!switch_answers.empty()) {
            Result<SwitchVerdict> answer = switch_answers.front();
            switch_answers.pop_front();
            return answer;
        }
        const Result<void> flipped = flip(domains);
        if (flipped.has_error()) {
            return flipped.error();
        }
        return SwitchVerdict::live;
    }
};

}  // namespace libra::testing
