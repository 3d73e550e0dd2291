#pragma once

#include "shared/objects/object_store.hpp"

#include <map>
#include <mutex>

namespace libra::testing {

class MemoryObjectStore final : public ObjectStore {
public:
    Result<Digest> put(std::string_view bytes) override
    {
        const std::scoped_lock lock{mutex_};
        const Digest digest = sha256(bytes);
        objects_[digest] = bytes;
        return digest;
    }

    Result<std::string> get(const Digest& digest) override
    {
        const std::scoped_lock lock{mutex_};
        const auto found = objects_.find(digest);
        if (found == objects_.end()) {
            return Error{Errc::not_found, digest.hex()};
        }
        return found->second;
    }

    Result<std::optional<std::uint64_t>> size(const Digest& digest) override
    {
        const std::scoped_lock lock{mutex_};
        const auto found = objects_.find(digest);
        return found == objects_.end() ? std::nullopt
                                       : std::optional<std::uint64_t>{found->second.size()};
    }

private:
    std::mutex mutex_;
    std::map<Digest, std::string> objects_;
};

}  // namespace libra::testing
