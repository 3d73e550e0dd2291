#pragma once

#include "shared/base/digest.hpp"
#include "shared/domain/failure.hpp"

#include <cstdint>
#include <filesystem>
#include <stop_token>

/// @file The finished site: a directory of regular files, ready to be served.

namespace libra {

struct Artifact {
    std::filesystem::path directory{};
    Digest digest{};        // over the sorted paths and contents, compressed siblings not counted
    std::uint64_t files{};  // as built, siblings not counted
    std::uint64_t bytes{};
};

/// Checks that `directory` holds a site (an index.html at its top; regular files and directories
/// only), computes its digest, and writes `.br` and `.gz` beside text assets worth compressing,
/// where the build has not done so itself. Modes are made readable for the static host; times are
/// made such that two different contents of one path never share size and time (an HTTP validator
/// is made of these): a file's time is a point between 2015 and 2023 that its content chooses.
///
/// Works in place, so the caller must own `directory`, and nobody else may be writing to it.
/// Blocks, for about three seconds per 10 MiB of text; `stop` ends it after the file at hand.
/// Idempotent, also after a crash half-way.
/// @return a user failure (`no_index_html`, `output_rejected`) or a transient one (disk, stopped).
Outcome<Artifact>
finish_artifact(const std::filesystem::path& directory, const std::stop_token& stop = {});

}  // namespace libra
