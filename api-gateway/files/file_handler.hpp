#pragma once

#include "api-gateway/api/principal_handler.hpp"
#include "shared/base/digest.hpp"
#include "shared/objects/object_store.hpp"
#include "shared/storage/upload_store.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <variant>

/// @file What the endpoints of /files have in common.

namespace libra {

class FileHandler : public PrincipalHandler {
public:
    struct Parts {
        AdmissionStore& admissions;
        UploadStore& files;
        ObjectStore& objects;
        Clock& clock;
        std::size_t file_bytes{};  // of the largest file that is taken
        std::size_t most_files{};  // that may be asked for at once
        std::function<bool()> storage_full = [] { return false; };  // never blocks
    };

    /// What `parts` refers to must outlive it.
    FileHandler(const Parts& parts, std::string_view scope, Log log);

protected:
    /// The file that `/files/{sha256}?orgId=` is about.
    struct Address {
        Digest digest{};
        std::string org_id{};
    };

    const Parts& parts() const { return parts_; }

    /// @return the answer to a bad address in place of one.
    std::variant<Address, HttpResponse> address_of(const HttpRequest& request) const;

private:
    Parts parts_;
};

}  // namespace libra
