#include "deploy-worker/sandbox/tree_copy.hpp"

#include "deploy-worker/sandbox/beneath.hpp"
#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace libra {
namespace {

namespace fs = std::filesystem;
using testing::ScratchTree;

UniqueFd open_directory(const ScratchTree& directory)
{
    return UniqueFd{::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
}

struct Trees {
    ScratchTree from{};
    ScratchTree into{};

    Result<void> copy(const TreeCopyRules& rules = {}) const
    {
        return copy_tree(open_directory(from).native(), open_directory(into).native(), rules);
    }
};

TEST_CASE("files and directories are copied with their right to execute and no other mode")
{
    const Trees trees;
    trees.from.write("index.html", "<p>");
    trees.from.write("a/b/run.sh", "#!");
    fs::permissions(trees.from.path() / "a/b/run.sh", fs::perms{04777});

    REQUIRE(trees.copy().has_value());

    CHECK(trees.into.read("index.html") == "<p>");
    CHECK(trees.into.read("a/b/run.sh") == "#!");
    CHECK(fs::status(trees.into.path() / "a/b/run.sh").permissions() == fs::perms{0755});
    CHECK(fs::status(trees.into.path() / "index.html").permissions() == fs::perms{0644});
}

TEST_CASE("a file of another kind ends the copy and is named with its kind")
{
    const Trees trees;
    fs::create_directory(trees.from.path() / "dist");

    SECTION("symbolic link")
    {
        fs::create_symlink("/etc/passwd", trees.from.path() / "dist/x");
        const auto copied = trees.copy();
        REQUIRE(copied.has_error());
        CHECK(copied.error().code == Errc::rejected);
        CHECK(copied.error().detail.starts_with("dist/x is a symbolic link"));
    }

    SECTION("named pipe")
    {
        ::mkfifo((trees.from.path() / "dist/x").c_str(), 0600);
        const auto copied = trees.copy();
        REQUIRE(copied.has_error());
        CHECK(copied.error().detail.starts_with("dist/x is a named pipe"));
    }

    SECTION("a name that no address can have")
    {
        for (const char* name : {"a\nb", "a\x1b[31m", "\xff\xfe", "a\x7f"}) {
            const Trees bad;
            bad.from.write(name, "");
            const auto copied = bad.copy();
            REQUIRE(copied.has_error());
            CHECK(copied.error().code == Errc::rejected);
            CHECK(copied.error().detail.find("has a name with") != std::string::npos);
            CHECK(bad.copy({.publish = false}).has_value());
        }
        const Trees good;
        good.from.write("Größe (1) 木.html", "");
        CHECK(good.copy().has_value());
    }

    SECTION("unless it is to be left out")
    {
        fs::create_symlink("/etc/passwd", trees.from.path() / "dist/x");
        CHECK(trees.copy({.publish = false}).has_value());
        CHECK(fs::is_empty(trees.into.path() / "dist"));
    }
}

TEST_CASE("each limit ends the copy")
{
    const Trees trees;
    trees.from.write("a", "12345");
    trees.from.write("b", "12345");

    for (const TreeCopyRules& rules :
         {TreeCopyRules{.entries = 1}, TreeCopyRules{.bytes = 9}, TreeCopyRules{.file_bytes = 4}}) {
        const auto copied = trees.copy(rules);
        REQUIRE(copied.has_error());
        CHECK(copied.error().code == Errc::limit_exceeded);
    }
    CHECK(trees.copy({.entries = 2, .bytes = 10, .file_bytes = 5}).has_value());
}

TEST_CASE("a tree that is too deep ends the copy")
{
    const Trees trees;
    std::string deep;
    for (int level = 0; level < 70; ++level) {
        deep += "d/";
    }
    trees.from.write(deep + "x", "");

    const auto copied = trees.copy();

    REQUIRE(copied.has_error());
    CHECK(copied.error().code == Errc::limit_exceeded);
}

TEST_CASE("nothing is written through a link or a hard link in the way")
{
    const Trees trees;
    const ScratchTree outside;
    outside.write("kept", "kept");
    trees.from.write("file", "new");
    fs::create_symlink(outside.path() / "kept", trees.into.path() / "file");

    SECTION("a link to a file is replaced")
    {
        REQUIRE(trees.copy().has_value());
        CHECK(trees.into.read("file") == "new");
        CHECK(fs::is_regular_file(fs::symlink_status(trees.into.path() / "file")));
    }

    SECTION("a link to a directory is refused")
    {
        trees.from.write("directory/kept", "new");
        fs::create_directory_symlink(outside.path(), trees.into.path() / "directory");
        const auto copied = trees.copy();
        REQUIRE(copied.has_error());
        CHECK(copied.error().code == Errc::rejected);
    }

    CHECK(outside.read("kept") == "kept");
}

TEST_CASE("paths out of the directory do not open, whatever they are made of")
{
    const ScratchTree outer;
    outer.write("secret", "s");
    outer.write("inner/file", "f");
    fs::create_symlink("../secret", outer.path() / "inner/link");
    fs::create_directory_symlink("..", outer.path() / "inner/up");
    const UniqueFd inner{::open((outer.path() / "inner").c_str(), O_RDONLY | O_DIRECTORY)};

    struct stat info {};

    CHECK(open_file_beneath(inner.native(), "file", info));
    for (const char* path : {"link", "../secret", "up/secret", "/etc/passwd", "", "."}) {
        CHECK_FALSE(open_file_beneath(inner.native(), path, info));
    }
    CHECK_FALSE(open_file_beneath(inner.native(), std::string{"file\0x", 6}, info));
    CHECK_FALSE(open_directory_beneath(inner.native(), "up"));
    CHECK_FALSE(open_directory_beneath(inner.native(), ".."));
    CHECK(open_directory_beneath(inner.native(), ""));
}

}  // namespace
}  // namespace libra
