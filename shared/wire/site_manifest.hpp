#pragma once

#include "shared/base/result.hpp"
#include "shared/domain/site_manifest.hpp"

#include <string>
#include <string_view>

/// @file A site's manifest as it is kept in the object store.

namespace libra {

class JsonWriter;

/// One file of it, `{"path": …, "bytes": …, "contentType": …, "sha256": …}`.
void write_site_file(JsonWriter& json, const SiteManifestFile& file);

/// `{"version": 1, "files": […]}`. Equal manifests are equal bytes.
std::string encode_site_manifest(const SiteManifest& manifest);

/// @return `invalid_input` if it is not what encode_site_manifest writes.
Result<SiteManifest> decode_site_manifest(std::string_view json);

}  // namespace libra
