#include "shared/objects/file_object_store.hpp"

#include "shared/base/parallel.hpp"
#include "shared/objects/posix_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace libra {

namespace {

namespace fs = std::filesystem;

Error unavailable(std::string_view what, const fs::path& path, const std::error_code& why)
{
    return {
        Errc::unavailable,
        fmt::format("object store: {} {}: {}", what, path.string(), why.message())};
}

Error unavailable(std::string_view what, const fs::path& path, const Error& why)
{
    return {
        Errc::unavailable, fmt::format("object store: {} {}: {}", what, path.string(), why.detail)};
}

}  // namespace

Result<std::unique_ptr<ObjectStore>> FileObjectStore::open(const fs::path& root)
{
    std::error_code why;
    fs::create_directories(root, why);
    if (why) {
        return unavailable("make the directory", root, why);
    }
    const Result<FileOwner> owner = owner_of(root);
    if (!owner) {
        return unavailable("look at", root, owner.error());
    }
    for (const fs::path& directory : {root / "tmp", root / "damaged"}) {
        fs::create_directory(directory, why);
        if (why) {
            return unavailable("make the directory", directory, why);
        }
        if (const auto given = give(directory, *owner); !given) {
            return unavailable("make the directory", directory, given.error());
        }
    }
    const auto probe = PosixFile::create_unique(root / "tmp");
    if (!probe) {
        return unavailable("write to", root, probe.error());
    }
    std::error_code ignored;
    fs::remove(probe->second, ignored);
    return std::unique_ptr<ObjectStore>{new FileObjectStore{root, *owner}};
}

Result<Digest> FileObjectStore::put(std::string_view bytes)
{
    const Digest digest = sha256(bytes);
    const fs::path place = path_of(digest);
    const auto there = size(digest);
    if (!there) {
        return there.error();
    }
    // Another size means a damaged copy; it is replaced.
    const bool stored = *there && **there == bytes.size();
    if (!stored) {
        if (const auto written = store(bytes, place); !written) {
            return written.error();
        }
    }
    // Also when it was there: whoever wrote it may not have come to this line yet.
    if (const auto synced = sync_directory(place.parent_path()); !synced) {
        return unavailable("make durable", place, synced.error());
    }
    return digest;
}

Result<void> FileObjectStore::put_all(const std::vector<std::string_view>& objects)
{
    constexpr std::size_t k_threads = 8;
    return in_parallel(objects.size(), k_threads, [&](std::size_t i) -> Result<void> {
        const Result<Digest> stored = put(objects[i]);
        return stored.has_error() ? Result<void>{stored.error()} : Result<void>{};
    });
}

Result<std::string> FileObjectStore::get(const Digest& digest)
{
    const fs::path place = path_of(digest);
    auto file = PosixFile::open(place, O_RDONLY);
    if (!file) {
        return file.error();
    }
    auto bytes = file->read_all();
    if (!bytes) {
        return unavailable("read", place, bytes.error());
    }
    return sha256(*bytes) == digest ? bytes : set_aside(digest);
}

Result<std::optional<std::uint64_t>> FileObjectStore::size(const Digest& digest)
{
    std::error_code why;
    const std::uint64_t bytes = fs::file_size(path_of(digest), why);
    if (why == std::errc::no_such_file_or_directory) {
        return std::optional<std::uint64_t>{};
    }
    if (why) {
        return unavailable("look at", path_of(digest), why);
    }
    return std::optional{bytes};
}

fs::path FileObjectStore::shard_of(const Digest& digest) const
{
    return root_ / digest.hex().substr(0, 2);
}

fs::path FileObjectStore::path_of(const Digest& digest) const
{
    return shard_of(digest) / digest.hex();
}

Result<void> FileObjectStore::make_shard(const fs::path& shard)
{
    std::error_code why;
    if (fs::exists(shard, why)) {
        return {};
    }
    // Given away before it has its name: nobody finds a shard that is not theirs to write to.
    std::string fresh = (root_ / "tmp" / "shard-XXXXXX").string();
    if (::mkdtemp(fresh.data()) == nullptr) {
        return file_error("make the directory", shard, errno);
    }
    if (const auto given = give(fresh, owner_); !given) {
        return unavailable("make the directory", shard, given.error());
    }
    if (::rename(fresh.c_str(), shard.c_str()) != 0) {
        const int code = errno;
        ::rmdir(fresh.c_str());
        if (code != EEXIST && code != ENOTEMPTY) {
            return file_error("make the directory", shard, code);
        }
    }
    return sync_directory(root_);
}

Result<void> FileObjectStore::store(std::string_view bytes, const fs::path& place)
{
    if (auto made = make_shard(place.parent_path()); !made) {
        return made;
    }
    auto created = PosixFile::create_unique(root_ / "tmp");
    if (!created) {
        return unavailable("write", place, created.error());
    }
    auto& [file, temporary] = *created;
    Result<void> written = file.write_all(bytes);
    if (written) {
        written = give(temporary, owner_);
    }
    if (written) {
        written = file.sync();
    }
    if (written && ::rename(temporary.c_str(), place.c_str()) != 0) {
        written = file_error("rename", temporary, errno);
    }
    if (!written) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        return unavailable("write", place, written.error());
    }
    return {};
}

Result<std::string> FileObjectStore::set_aside(const Digest& digest)
{
    const fs::path kept = root_ / "damaged" / digest.hex();
    const bool moved = ::rename(path_of(digest).c_str(), kept.c_str()) == 0;
    return Error{
        Errc::rejected,
        fmt::format(
            "object store: {} is damaged ({})",
            path_of(digest).string(),
            moved ? "moved to " + kept.string() : "and cannot be moved away"
        )};
}

}  // namespace libra
