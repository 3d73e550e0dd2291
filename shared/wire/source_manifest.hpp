#pragma once

#include "shared/base/result.hpp"
#include "shared/domain/deployment.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file A project's file tree as a list of digests, and the edits an assistant message carries.

namespace libra {

/// Path → blob. Ordered, so that equal trees have equal manifests.
using SourceManifest = std::map<std::string, BlobRef>;

/// `{"version": 1, "files": [{"path": …, "sha256": …, "bytes": …}, …]}`, sorted by path.
std::string encode_manifest(const SourceManifest& manifest);

/// @return `invalid_input` if it is not what encode_manifest writes.
Result<SourceManifest> decode_manifest(std::string_view json);

struct FileEdit {
    enum class Kind { create, edit, remove };

    std::string path{};
    Kind kind{Kind::edit};
    std::string modified{};  // the whole new content; empty for remove
};

/// The edits of an assistant message whose content is `{"type": "diff", "diff": [{path, type:
/// create|edit|delete, modified}]}`. Nothing for plain text and for any other JSON. An entry with a
/// bad path or type makes the whole message `invalid_input`, its detail fit for the user.
Result<std::optional<std::vector<FileEdit>>> decode_edits(std::string_view content);

}  // namespace libra
