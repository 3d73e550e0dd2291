#pragma once

#include "shared/storage/upload_store.hpp"

#include <algorithm>
#include <map>

namespace libra::testing {

/// Grants what it is told to, and keeps what is recorded, by organisation.
class FakeUploadStore final : public UploadStore {
public:
    Result<UploadAccess> granted{UploadAccess::upload};
    std::optional<Error> trouble{};  // of whatever is asked once access is granted
    std::map<std::string, std::map<Digest, std::uint64_t>> files{};
    std::string uploaded_by{};

    Result<UploadAccess> access(const Principal& /*caller*/, const std::string& /*org_id*/) override
    {
        return granted;
    }

    Result<bool> record(
        const std::string& org_id,
        const Digest& digest,
        std::uint64_t bytes,
        const std::string& user_id
    ) override
    {
        if (trouble) {
            return *trouble;
        }
        uploaded_by = user_id;
        return files[org_id].emplace(digest, bytes).second;
    }

    Result<std::set<Digest>>
    uploaded(const std::string& org_id, const std::vector<Digest>& digests) override
    {
        if (trouble) {
            return *trouble;
        }
        std::set<Digest> found;
        std::copy_if(
            digests.begin(),
            digests.end(),
            std::inserter(found, found.end()),
            [&](const Digest& digest) { return files[org_id].contains(digest); }
        );
        return found;
    }
};

}  // namespace libra::testing
