#pragma once

#include "shared/objects/object_store.hpp"

namespace libra::testing {

/// Its disk is full.
class FailingObjectStore final : public ObjectStore {
public:
    Result<Digest> put(std::string_view /*bytes*/) override { return full_; }

    Result<std::string> get(const Digest& /*digest*/) override { return full_; }

    Result<std::optional<std::uint64_t>> size(const Digest& /*digest*/) override { return full_; }

private:
    const Error full_{Errc::unavailable, "/secret/path: no space left on device"};
};

}  // namespace libra::testing
