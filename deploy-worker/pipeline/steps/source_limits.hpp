#pragma once

#include "shared/domain/failure.hpp"
#include "shared/wire/source_manifest.hpp"

#include <cstddef>
#include <cstdint>

namespace libra {

/// Of a project's whole file tree.
struct SourceLimits {
    std::size_t files{};
    std::uint64_t bytes{};
};

/// User failures: `no_files`, `too_many_files`, `source_too_large`, and `path_conflict` for a path
/// that is both a file and a directory, or two that differ only in letter case or Unicode form.
Outcome<void> check_source(const SourceManifest& tree, const SourceLimits& limits);

}  // namespace libra
