#include "deploy-worker/build/site_tree.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace libra {

namespace fs = std::filesystem;

namespace {

std::string_view kind_of(fs::file_type type)
{
    switch (type) {
    case fs::file_type::symlink:
        return "a symbolic link";
    case fs::file_type::fifo:
        return "a named pipe";
    case fs::file_type::socket:
        return "a socket";
    case fs::file_type::block:
    case fs::file_type::character:
        return "a device";
    default:
        return "not a regular file";
    }
}

Error disk_error(std::string_view what, const fs::path& path, const std::error_code& code)
{
    return {Errc::unavailable, std::string{what} + ' ' + path.string() + ": " + code.message()};
}

Result<void> take(const fs::directory_entry& entry, const fs::path& directory, SiteTree& tree)
{
    std::error_code failed;
    const fs::file_status status = entry.symlink_status(failed);
    if (failed) {
        return disk_error("look at", entry.path(), failed);
    }
    const std::string path = entry.path().lexically_relative(directory).generic_string();
    if (fs::is_directory(status)) {
        tree.directories.push_back(entry.path());
        return {};
    }
    if (!fs::is_regular_file(status)) {
        return Error{Errc::rejected, path + " is " + std::string{kind_of(status.type())}};
    }
    const std::uint64_t bytes = entry.file_size(failed);
    if (failed) {
        return disk_error("look at", entry.path(), failed);
    }
    tree.files.push_back({.path = path, .bytes = bytes});
    return {};
}

}  // namespace

Result<SiteTree> walk_site(const fs::path& directory)
{
    SiteTree tree{.directories = {directory}};
    std::error_code failed;
    fs::recursive_directory_iterator entries{directory, failed};
    while (!failed && entries != fs::recursive_directory_iterator{}) {
        const Result<void> taken = take(*entries, directory, tree);
        if (taken.has_error()) {
            return taken.error();
        }
        entries.increment(failed);
    }
    if (failed) {
        return disk_error("list", directory, failed);
    }
    std::sort(tree.files.begin(), tree.files.end(), [](const SiteFile& a, const SiteFile& b) {
        return a.path < b.path;
    });
    return tree;
}

Result<std::string> read_site_file(const fs::path& file)
{
    std::error_code failed;
    const std::uintmax_t size = fs::file_size(file, failed);
    if (failed) {
        return disk_error("read", file, failed);
    }
    std::string bytes(size, '\0');
    std::ifstream in{file, std::ios::binary};
    in.read(bytes.data(), static_cast<std::streamsize>(size));
    if (!in.is_open() || in.bad() || static_cast<std::uintmax_t>(in.gcount()) != size) {
        return disk_error("read", file, {errno, std::generic_category()});
    }
    return bytes;
}

Result<void> write_site_file(const fs::path& file, std::string_view bytes)
{
    std::ofstream out{file, std::ios::binary | std::ios::trunc};
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (out.fail()) {
        return disk_error("write", file, {errno, std::generic_category()});
    }
    return {};
}

}  // namespace libra
