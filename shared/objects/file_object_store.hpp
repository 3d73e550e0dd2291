#pragma once

#include "shared/objects/object_store.hpp"
#include "shared/objects/posix_file.hpp"

#include <filesystem>
#include <memory>

/// @file The object store in a directory: `ab/<digest>`, `ab` being the digest's first two digits.
///
/// All of it belongs to whoever owns the directory, also what root writes: a gateway without rights
/// and a worker with them share one store. Beside the digests, `tmp` holds what is being written
/// (leftovers of a crash are harmless and may be deleted while no service runs), and `damaged` what
/// was found not to match its digest.

namespace libra {

class FileObjectStore final : public ObjectStore {
public:
    /// Uses `root`, and makes it with its parents if it is not there.
    /// @return `unavailable` if it cannot be made or written to.
    static Result<std::unique_ptr<ObjectStore>> open(const std::filesystem::path& root);

    Result<Digest> put(std::string_view bytes) override;
    Result<void> put_all(const std::vector<std::string_view>& objects) override;
    Result<std::string> get(const Digest& digest) override;
    Result<std::optional<std::uint64_t>> size(const Digest& digest) override;

private:
    FileObjectStore(std::filesystem::path root, FileOwner owner)
        : root_{std::move(root)}, owner_{owner}
    {
    }

    std::filesystem::path shard_of(const Digest& digest) const;
    std::filesystem::path path_of(const Digest& digest) const;
    Result<void> make_shard(const std::filesystem::path& shard);
    Result<void> store(std::string_view bytes, const std::filesystem::path& place);
    Result<std::string> set_aside(const Digest& digest);

    std::filesystem::path root_;
    FileOwner owner_;
};

}  // namespace libra
