#pragma once

#include "deploy-worker/blobs/blob_store.hpp"
#include "shared/base/digest.hpp"
#include "shared/domain/failure.hpp"
#include "shared/domain/site_manifest.hpp"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// @file The finished site: a directory of regular files, ready to be served.

namespace libra {

/// What a site may be made of; compressed forms are not counted.
struct SiteLimits {
    std::uint64_t files{20'000};
    std::uint64_t file_bytes{100ULL << 20U};
    std::uint64_t bytes{1ULL << 30U};
};

/// A file encoded for clients that accept that.
struct CompressedFile {
    std::string path{};              // in the site: that of the file and `.br` or `.gz`
    std::filesystem::path source{};  // where the bytes are
    std::uint64_t bytes{};
    Digest original{};        // of the file's content
    std::string_view form{};  // ContentEncoding::form
};

struct Artifact {
    std::filesystem::path directory{};
    Digest digest{};                           // digest_of(manifest)
    SiteManifest manifest{};                   // what was built
    std::uint64_t bytes{};                     // of these files
    std::vector<CompressedFile> compressed{};  // sorted by path
    std::size_t reused{};                      // of these, how many were there from before
};

struct ArtifactSettings {
    std::filesystem::path compressed{};  // a directory for compressed files, the caller's own
    const BlobStore* known{};            // where those of earlier sites are found; may be null
    SiteLimits limits{};
    unsigned threads{};  // 0: as many as the machine runs at once
};

/// Checks that `directory` holds a site (an index.html at its top; regular files and directories
/// only; within the limits), lists and digests it, and writes compressed forms of text assets worth
/// compressing, where the build has not made them itself, below `settings.compressed`. Modes are
/// made readable for the static host; times are made such that two different contents of one path
/// never share size and time (an HTTP validator is made of these): a file's time is a point between
/// 2015 and 2023 that its content chooses.
///
/// The caller must own `directory`, and nobody else may be writing to it. Blocks, for about three
/// seconds per 10 MiB of new text and thread; `stop` ends it within half a second. The result does
/// not depend on the number of threads. Idempotent, also after a crash half-way.
/// @return a user failure (`no_index_html`, `output_rejected`, `too_many_site_files`,
///         `site_file_too_large`, `site_too_large`) or a transient one (disk, stopped).
Outcome<Artifact> finish_artifact(
    const std::filesystem::path& directory,
    const ArtifactSettings& settings,
    const std::stop_token& stop = {}
);

}  // namespace libra
