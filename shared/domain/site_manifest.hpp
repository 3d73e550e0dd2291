#pragma once

#include "shared/base/digest.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// @file What a finished site consists of.

namespace libra {

struct SiteManifestFile {
    std::string path{};  // relative, `/` between the names
    std::uint64_t bytes{};
    std::string content_type{};  // as the static host serves it
    Digest digest{};             // SHA-256 of the content

    bool operator==(const SiteManifestFile&) const = default;
};

/// Sorted by path. Compressed forms that the platform made are not in it.
using SiteManifest = std::vector<SiteManifestFile>;

/// SHA-256 over the paths and contents: a function of the site alone, wherever it was built.
Digest digest_of(const SiteManifest& manifest);

}  // namespace libra
