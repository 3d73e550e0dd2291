#pragma once

#include "shared/wire/source_manifest.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// @file A project as its failed build saw it: what an explanation may look at.

namespace libra {

/// The whole content of a file of the tree; nothing if it is not there or cannot be had.
using ReadText = std::function<std::optional<std::string>(const std::string& path)>;

struct ProjectView {
    const SourceManifest& tree;
    ReadText read{};
    std::string root{};          // where the commands ran, from the tree's top; empty: there
    std::string manager{"npm"};  // npm, pnpm, yarn or bun
    std::string node_version{};  // empty where it is not known
    std::uint64_t memory_bytes{};

    /// Looked at after a build that left no page where it was looked for: directories that hold an
    /// index.html now, and those the build made.
    std::vector<std::string> pages{};
    std::vector<std::string> made{};
};

}  // namespace libra
