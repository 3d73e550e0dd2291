#pragma once

#include "deploy-worker/build/script_words.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/package_json.hpp"
#include "shared/wire/source_manifest.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file What a build plan asks of a project's files, which nobody has looked at before.

namespace libra {

/// Reads a file of the tree; nothing if it is not there.
using ReadSource = std::function<Result<std::optional<std::string>>(const std::string& path)>;

/// Whether `path` fits `pattern`: name for name, where `*` stands for any part of one name; `**` as
/// the first or the last name stands for any number of names.
bool fits_pattern(std::string_view path, std::string_view pattern);

/// `path` below `directory`; an empty one is the top.
std::string below(std::string_view directory, std::string_view path);

/// The files below one directory of the tree. One thread. Reads what it is asked for, and nothing
/// twice.
class ProjectFiles {
public:
    /// `tree` and `read` must outlive it. `directory` is below the top of the tree; empty: the top.
    ProjectFiles(const SourceManifest& tree, const ReadSource& read, std::string directory);

    const std::string& directory() const { return directory_; }

    /// Whether there is a file at `path`, which is below the directory.
    bool has(std::string_view path) const;

    /// Whether there is any file below `path`.
    bool has_directory(std::string_view path) const;

    /// Those that fit `pattern`, in order, at most `most`.
    std::vector<std::string> matching(std::string_view pattern, std::size_t most) const;

    /// The text of the file, at most 16 MiB; nothing if there is none, or a longer one.
    /// Where it could not be read, `error` says so from then on.
    std::optional<std::string_view> text(std::string_view path);

    /// Likewise, as `script_words`; none where there is no text, or more than 1 MiB.
    const std::vector<ScriptWord>& words(std::string_view path);

    /// What went wrong with the first file that could not be read.
    const std::optional<Error>& error() const { return error_; }

private:
    struct File {
        std::optional<std::string> text{};
        std::optional<std::vector<ScriptWord>> words{};
    };

    File& file(std::string_view path);

    const SourceManifest& tree_;
    const ReadSource& read_;
    std::string directory_;
    std::map<std::string, std::unique_ptr<File>, std::less<>> files_{};
    std::optional<Error> error_{};
};

}  // namespace libra
