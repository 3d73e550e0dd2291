#include "deploy-worker/blobs/blob_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace libra {

namespace fs = std::filesystem;

namespace {

std::optional<struct stat> look_at(const fs::path& file)
{
    struct stat status {};

    const bool regular = ::lstat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode);
    return regular ? std::optional{status} : std::nullopt;
}

bool make_link(const fs::path& from, const fs::path& to)
{
    return ::link(from.c_str(), to.c_str()) == 0;
}

/// The copy is the caller's own, so the times that make its validator go with it.
bool make_copy(const fs::path& from, const fs::path& to)
{
    std::error_code failed;
    const fs::file_time_type time = fs::last_write_time(from, failed);
    if (failed || !fs::copy_file(from, to, failed)) {
        return false;
    }
    fs::last_write_time(to, time, failed);
    if (failed) {
        std::error_code ignored;
        fs::remove(to, ignored);
    }
    return !failed;
}

/// A name in the same directory that nobody else uses, for what then is renamed.
fs::path passing_name(const fs::path& blob)
{
    std::string name = (blob.parent_path() / ".new-XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    if (descriptor < 0) {
        return {};
    }
    ::close(descriptor);
    ::unlink(name.c_str());
    return name;
}

/// Puts `file` in the place of `blob` where that is damaged, or has all the links it can have.
void replace_unusable(const fs::path& blob, const fs::path& file)
{
    const fs::path fresh = passing_name(blob);
    const auto there = look_at(blob);
    const auto ours = look_at(file);
    if (fresh.empty() || !there || !ours || there->st_ino == ours->st_ino) {
        return;
    }
    const bool whole = there->st_size == ours->st_size;
    if (!(whole && make_link(blob, fresh)) && (!whole || errno == EMLINK) &&
        make_link(file, fresh)) {
        ::rename(fresh.c_str(), blob.c_str());
    }
    ::unlink(fresh.c_str());
}

}  // namespace

std::string BlobKey::name() const
{
    return form.empty() ? content.hex() : fmt::format("{}.{}", content.hex(), form);
}

BlobStore::BlobStore(fs::path root) : root_{std::move(root)} {}

fs::path BlobStore::path_of(const BlobKey& key) const
{
    const std::string name = key.name();
    return root_ / name.substr(0, 2) / name;
}

bool BlobStore::link(const BlobKey& key, std::uint64_t bytes, const fs::path& to) const
{
    const fs::path blob = path_of(key);
    const auto status = look_at(blob);
    return status && static_cast<std::uint64_t>(status->st_size) == bytes && make_link(blob, to);
}

bool BlobStore::fetch(const BlobKey& key, const fs::path& to) const
{
    const fs::path blob = path_of(key);
    return look_at(blob) && (make_link(blob, to) || make_copy(blob, to));
}

void BlobStore::keep(const BlobKey& key, const fs::path& file) const
{
    const fs::path blob = path_of(key);
    if (make_link(file, blob)) {
        return;
    }
    if (errno == ENOENT) {
        std::error_code failed;
        fs::create_directories(blob.parent_path(), failed);
        make_link(file, blob);
        return;
    }
    if (errno == EEXIST) {
        replace_unusable(blob, file);
    }
}

Result<BlobStore::Sweep> BlobStore::sweep(UtcTime unused_since, const std::stop_token& stop) const
{
    Sweep swept;
    std::error_code failed;
    if (!fs::exists(root_, failed)) {
        return swept;
    }
    const std::time_t before = std::chrono::system_clock::to_time_t(unused_since);
    fs::recursive_directory_iterator items{root_, failed};
    while (!failed && items != fs::recursive_directory_iterator{} && !stop.stop_requested()) {
        const fs::path path = items->path();
        const auto status = look_at(path);
        // A link that is made between the look and the removal keeps the content all the same.
        if (status && status->st_nlink == 1 && status->st_ctim.tv_sec <= before &&
            ::unlink(path.c_str()) == 0) {
            ++swept.files;
            swept.bytes += static_cast<std::uint64_t>(status->st_size);
        }
        items.increment(failed);
    }
    if (failed) {
        return Error{
            Errc::unavailable, fmt::format("sweep {}: {}", root_.string(), failed.message())};
    }
    return swept;
}

}  // namespace libra
