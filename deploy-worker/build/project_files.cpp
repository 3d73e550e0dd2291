#include "deploy-worker/build/project_files.hpp"

#include <algorithm>
#include <utility>

namespace libra {

namespace {

constexpr std::uint64_t k_most_bytes = 16U << 20U;  // lock files are long
constexpr std::uint64_t k_most_words_of = 1U << 20U;

/// What stands before the first `/`, which goes with it.
std::string_view take_name(std::string_view& path)
{
    const std::size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    return name;
}

bool fits_name(std::string_view name, std::string_view pattern)
{
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) {
        return name == pattern;
    }
    const std::string_view head = pattern.substr(0, star);
    const std::string_view tail = pattern.substr(star + 1);
    return name.size() >= head.size() + tail.size() && name.starts_with(head) &&
           name.ends_with(tail);
}

std::size_t count_names(std::string_view path)
{
    return 1 + static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
}

}  // namespace

bool fits_pattern(std::string_view path, std::string_view pattern)
{
    if (pattern.starts_with("**/")) {
        pattern.remove_prefix(3);
        const std::size_t names = count_names(pattern);
        for (std::size_t left = count_names(path); left > names; --left) {
            take_name(path);
        }
        return fits_pattern(path, pattern);
    }
    while (!path.empty() && !pattern.empty()) {
        const std::string_view wanted = take_name(pattern);
        if (wanted == "**") {
            return true;
        }
        if (!fits_name(take_name(path), wanted)) {
            return false;
        }
    }
    return path.empty() && pattern.empty();
}

std::string below(std::string_view directory, std::string_view path)
{
    if (path.empty() || directory.empty()) {
        return std::string{directory.empty() ? path : directory};
    }
    return std::string{directory} + '/' + std::string{path};
}

ProjectFiles::ProjectFiles(
    const SourceManifest& tree,
    const ReadSource& read,
    std::string directory
)
    : tree_{tree}, read_{read}, directory_{std::move(directory)}
{
}

bool ProjectFiles::has(std::string_view path) const
{
    return tree_.contains(below(directory_, path));
}

bool ProjectFiles::has_directory(std::string_view path) const
{
    const std::string prefix = below(directory_, path);
    if (prefix.empty()) {
        return !tree_.empty();
    }
    const auto first = tree_.lower_bound(prefix + '/');
    return first != tree_.end() && first->first.starts_with(prefix + '/');
}

std::vector<std::string> ProjectFiles::matching(std::string_view pattern, std::size_t most) const
{
    std::vector<std::string> found;
    if (pattern.find('*') == std::string_view::npos) {
        if (has(pattern) && most > 0) {
            found.emplace_back(pattern);
        }
        return found;
    }
    const std::string root = directory_.empty() ? "" : directory_ + '/';
    const std::string prefix = root + std::string{pattern.substr(0, pattern.find('*'))};
    for (auto file = tree_.lower_bound(prefix); file != tree_.end() && found.size() < most;
         ++file) {
        if (!file->first.starts_with(prefix)) {
            break;
        }
        const std::string_view path = std::string_view{file->first}.substr(root.size());
        if (fits_pattern(path, pattern)) {
            found.emplace_back(path);
        }
    }
    return found;
}

ProjectFiles::File& ProjectFiles::file(std::string_view path)
{
    const auto known = files_.find(path);
    if (known != files_.end()) {
        return *known->second;
    }
    auto file = std::make_unique<File>();
    const auto listed = tree_.find(below(directory_, path));
    if (listed != tree_.end() && listed->second.bytes <= k_most_bytes) {
        Result<std::optional<std::string>> read = read_(listed->first);
        if (read.has_error() && !error_) {
            error_ = read.error();
        }
        if (read.has_value()) {
            file->text = *std::move(read);
        }
    }
    return *files_.emplace(path, std::move(file)).first->second;
}

std::optional<std::string_view> ProjectFiles::text(std::string_view path)
{
    const File& found = file(path);
    return found.text ? std::optional<std::string_view>{*found.text} : std::nullopt;
}

const std::vector<ScriptWord>& ProjectFiles::words(std::string_view path)
{
    File& found = file(path);
    if (!found.words) {
        const bool read = found.text && found.text->size() <= k_most_words_of;
        found.words = script_words(read ? std::string_view{*found.text} : "");
    }
    return *found.words;
}

}  // namespace libra
