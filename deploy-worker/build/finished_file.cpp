#include "deploy-worker/build/finished_file.hpp"

#include "deploy-worker/build/compression.hpp"
#include "deploy-worker/build/site_tree.hpp"

#include <array>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace libra {

namespace fs = std::filesystem;

namespace {

/// The static host makes its ETag of size and time in whole seconds. Time is taken from the
/// content, so an unchanged file keeps its validator from release to release.
Result<void> set_time_and_mode(const fs::path& file, const Digest& content)
{
    constexpr std::time_t k_base = 1'420'070'400;  // 2015-01-01; 28 bits more end in mid-2023
    const auto& bytes = content.bytes;
    const std::time_t offset = (std::time_t{bytes[0]} << 20U) | (std::time_t{bytes[1]} << 12U) |
                               (std::time_t{bytes[2]} << 4U) | std::time_t{bytes[3] >> 4U};
    const timespec moment{.tv_sec = k_base + offset, .tv_nsec = 0};
    const std::array times{moment, moment};
    constexpr mode_t k_mode = 0644;
    const bool done = ::chmod(file.c_str(), k_mode) == 0 &&
                      ::utimensat(AT_FDCWD, file.c_str(), times.data(), AT_SYMLINK_NOFOLLOW) == 0;
    if (!done) {
        const std::error_code code{errno, std::generic_category()};
        return Error{Errc::unavailable, "set time of " + file.string() + ": " + code.message()};
    }
    return {};
}

Result<void> write_dated(const fs::path& file, std::string_view bytes)
{
    auto written = write_site_file(file, bytes);
    return written.has_error() ? written : set_time_and_mode(file, sha256(bytes));
}

Result<void> make_directory_of(const fs::path& file)
{
    std::error_code failed;
    fs::create_directories(file.parent_path(), failed);
    if (failed) {
        return Error{
            Errc::unavailable, "make " + file.parent_path().string() + ": " + failed.message()};
    }
    return {};
}

Result<std::optional<CompressedFile>> compress(
    std::string_view bytes,
    const Digest& content,
    const ContentEncoding& encoding,
    const fs::path& file,
    const std::stop_token& stop
)
{
    const std::optional<std::string> encoded = encoding.encode(bytes, stop);
    if (!encoded) {
        return Error{Errc::cancelled, "stopped before " + file.string()};
    }
    if (encoded->size() >= bytes.size()) {
        return std::optional<CompressedFile>{};
    }
    if (const auto written = write_dated(file, *encoded); written.has_error()) {
        return written.error();
    }
    return std::optional{CompressedFile{
        .source = file, .bytes = encoded->size(), .original = content, .form = encoding.form}};
}

std::optional<CompressedFile> fetch(
    const BlobStore* known,
    const Digest& content,
    const ContentEncoding& encoding,
    const fs::path& file
)
{
    std::error_code failed;
    if (known == nullptr || !known->fetch({content, encoding.form}, file)) {
        return std::nullopt;
    }
    const std::uint64_t bytes = fs::file_size(file, failed);
    return failed
               ? std::nullopt
               : std::optional{CompressedFile{
                     .source = file, .bytes = bytes, .original = content, .form = encoding.form}};
}

/// Nothing where the encoded form is no shorter.
Result<std::optional<CompressedFile>> form_of(
    FinishedFile& finished,
    std::string_view bytes,
    const ContentEncoding& encoding,
    const fs::path& file,
    const BlobStore* known,
    const std::stop_token& stop
)
{
    if (const auto made = make_directory_of(file); made.has_error()) {
        return made.error();
    }
    if (auto reused = fetch(known, finished.content, encoding, file)) {
        ++finished.reused;
        return reused;
    }
    return compress(bytes, finished.content, encoding, file, stop);
}

}  // namespace

Result<FinishedFile> finish_file(
    const fs::path& directory,
    const std::string& path,
    const ArtifactSettings& settings,
    const BuiltPath& built,
    const std::stop_token& stop
)
{
    const auto bytes = read_site_file(directory / path);
    if (bytes.has_error()) {
        return bytes.error();
    }
    FinishedFile finished{.content = sha256(*bytes), .bytes = bytes->size()};
    if (const auto set = set_time_and_mode(directory / path, finished.content); set.has_error()) {
        return set.error();
    }
    if (!is_worth_compressing(path, bytes->size())) {
        return finished;
    }
    for (const ContentEncoding& encoding : k_encodings) {
        const std::string name = path + std::string{encoding.ending};
        if (built(name)) {
            continue;
        }
        auto form =
            form_of(finished, *bytes, encoding, settings.compressed / name, settings.known, stop);
        if (form.has_error()) {
            return form.error();
        }
        if (*form) {
            (*form)->path = name;
            finished.compressed.push_back(**std::move(form));
        }
    }
    return finished;
}

}  // namespace libra
