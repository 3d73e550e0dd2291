#pragma once

#include "shared/base/digest.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

/// @file A cache entry in the making, and of which kinds there are.

namespace libra {

enum class CacheKind { dependencies, downloads, frameworks, tools };

std::string_view to_string(CacheKind kind) noexcept;

/// An entry in the making. Its content is to be put at `content()`, a path where nothing is. What
/// is not published is removed by the destructor.
class CacheDraft {
public:
    CacheDraft(
        CacheKind kind,
        const Digest& key,
        std::string organization,
        std::filesystem::path directory
    )
        : kind_{kind},
          key_{key},
          organization_{std::move(organization)},
          directory_{std::move(directory)}
    {
    }

    CacheDraft(CacheDraft&& other) noexcept;
    CacheDraft& operator=(CacheDraft&& other) noexcept;
    CacheDraft(const CacheDraft&) = delete;
    CacheDraft& operator=(const CacheDraft&) = delete;
    ~CacheDraft();

    std::filesystem::path content() const { return directory_ / "content"; }

private:
    friend class CacheStore;

    CacheKind kind_;
    Digest key_;
    std::string organization_;
    std::filesystem::path directory_;  // empty once it has been published
};

}  // namespace libra
