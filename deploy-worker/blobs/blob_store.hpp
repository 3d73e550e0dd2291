#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>

/// @file File contents that releases share: each is one inode, hard-linked into every release that
/// has it and into a folder where it is found by digest.
///
///     ROOT/aa/<sha256>            a content, whose digest that is
///     ROOT/aa/<sha256>.<form>     a compressed form of that content
///
/// A content is used while it has more than one link; what has one is nobody's and may be removed.
/// Nothing is ever written to: a release that holds a link keeps its content whatever happens here.

namespace libra {

struct BlobKey {
    Digest content{};
    std::string_view form{};  // "" for the content itself; valid as long as the key

    std::string name() const;
};

/// Thread-safe; any number of processes may share one root. No call waits for another. What cannot
/// be shared (another file system, one without hard links, an inode with too many) is not shared,
/// and nothing else is different.
class BlobStore {
public:
    /// The root is made when something is kept.
    explicit BlobStore(std::filesystem::path root);

    /// Makes `to`, which must not exist, a link to the content, if it is there with `bytes` bytes.
    /// On the disk it is already. @return whether `to` is there now.
    bool link(const BlobKey& key, std::uint64_t bytes, const std::filesystem::path& to) const;

    /// Makes `to`, which must not exist, the content, if it is there: by a link or by a copy.
    /// @return whether `to` is there now.
    bool fetch(const BlobKey& key, const std::filesystem::path& to) const;

    /// Keeps `file` under `key`, as far as that can be done: a failure costs only the next link.
    /// The file must be on the disk (fsync), and nobody may write to it any more.
    void keep(const BlobKey& key, const std::filesystem::path& file) const;

    struct Sweep {
        std::uint64_t files{};
        std::uint64_t bytes{};
    };

    /// Removes what no release links to and nobody has linked or unlinked since `unused_since`.
    /// Reads all of the store's directories, so it may take seconds; ends early on `stop`.
    /// @return what was removed; `unavailable` if the disk fails.
    Result<Sweep> sweep(UtcTime unused_since, const std::stop_token& stop) const;

private:
    std::filesystem::path path_of(const BlobKey& key) const;

    std::filesystem::path root_;
};

}  // namespace libra
