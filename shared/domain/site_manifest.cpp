#include "shared/domain/site_manifest.hpp"

#include <string_view>

namespace libra {

Digest digest_of(const SiteManifest& manifest)
{
    Sha256 sum;
    for (const SiteManifestFile& file : manifest) {
        // No path holds a NUL, so no two trees are written alike.
        sum.update(file.path);
        sum.update(std::string_view{"\0", 1});
        sum.update(file.digest.hex());
    }
    return sum.finish();
}

}  // namespace libra
