#pragma once

#include "shared/base/digest.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/admission_store.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

/// @file Which organisation has uploaded which files. The bytes are in the object store.
///
/// Upstream: the gateway's /files. Downstream: PostgreSQL. Deployments are checked against the same
/// table when they are accepted (AdmissionStore).

namespace libra {

/// What a caller may do with the files of an organisation.
enum class UploadAccess {
    none,    // no member; or there is no such organisation
    look,    // viewer
    upload,  // may deploy; or a service token, or the scope `admin`
};

/// Thread-safe. Each call is one round trip; `unavailable` when the database does not answer.
class UploadStore {
public:
    virtual ~UploadStore() = default;

    virtual Result<UploadAccess> access(const Principal& caller, const std::string& org_id) = 0;

    /// To be called when the bytes are stored. @return whether the organisation had it not before.
    virtual Result<bool> record(
        const std::string& org_id,
        const Digest& digest,
        std::uint64_t bytes,
        const std::string& user_id
    ) = 0;

    /// Those of `digests` that the organisation has uploaded.
    virtual Result<std::set<Digest>>
    uploaded(const std::string& org_id, const std::vector<Digest>& digests) = 0;
};

}  // namespace libra
