#include "deploy-worker/targets/release_tree.hpp"

#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

using namespace std::chrono_literals;

namespace libra {
namespace {

namespace fs = std::filesystem;

using testing::ScratchTree;

std::size_t entries_of(const fs::path& directory)
{
    const fs::directory_iterator items{directory};
    return static_cast<std::size_t>(std::distance(begin(items), end(items)));
}

struct Bench {
    Bench()
    {
        from.write("index.html", "new");
        from.write("a/b.js", "1");
        fs::last_write_time(from.path() / "a/b.js", fs::file_time_type{-200'000h});
    }

    std::vector<ReleaseFile> files() const
    {
        std::vector<ReleaseFile> files;
        for (const auto& item : fs::recursive_directory_iterator{from.path()}) {
            if (!item.is_directory()) {
                files.push_back(file(item.path().lexically_relative(from.path())));
            }
        }
        return files;
    }

    ReleaseFile file(const std::string& path) const
    {
        const std::string text = from.read(path);
        return {
            .path = path,
            .source = from.path() / path,
            .bytes = text.size(),
            .content = sha256(text)};
    }

    Result<void> place() const { return place_tree(files(), to, blobs); }

    ScratchTree from;
    ScratchTree root;
    BlobStore blobs{root.path() / "blobs"};
    fs::path to{root.path() / "releases" / "r1"};
};

TEST_CASE("a placed tree has the files with their times and readable modes")
{
    const Bench bench;
    fs::permissions(bench.from.path() / "index.html", fs::perms{0600});

    REQUIRE(bench.place().has_value());

    CHECK(bench.root.read("releases/r1/index.html") == "new");
    CHECK(fs::last_write_time(bench.to / "a/b.js") == fs::file_time_type{-200'000h});
    CHECK(fs::status(bench.to / "index.html").permissions() == fs::perms{0644});
    CHECK(fs::status(bench.to).permissions() == fs::perms{0755});
    CHECK(entries_of(bench.to.parent_path()) == 1);
    CHECK(bench.from.read("index.html") == "new");
}

TEST_CASE("trees share the contents that are equal, whatever their paths")
{
    const Bench bench;
    REQUIRE(bench.place().has_value());
    bench.from.write("c/copy-of-b.js", "1");
    bench.from.write("other.js", "2");

    const auto second = place_tree(bench.files(), bench.root.path() / "releases/r2", bench.blobs);

    REQUIRE(second.has_value());
    const fs::path shared = bench.root.path() / "releases/r2/c/copy-of-b.js";
    CHECK(fs::equivalent(bench.to / "a/b.js", shared));
    CHECK(fs::equivalent(bench.to / "index.html", bench.root.path() / "releases/r2/index.html"));
    CHECK(bench.root.read("releases/r2/other.js") == "2");
}

TEST_CASE("a stored content that is damaged is not used, and replaced")
{
    const Bench bench;
    const std::string name = sha256("1").hex();
    bench.root.write("blobs/" + name.substr(0, 2) + '/' + name, "torn away");

    REQUIRE(bench.place().has_value());

    CHECK(bench.root.read("releases/r1/a/b.js") == "1");
    CHECK(bench.root.read("blobs/" + name.substr(0, 2) + '/' + name) == "1");
}

TEST_CASE("a release stays as it is when its contents are gone from the store")
{
    const Bench bench;
    REQUIRE(bench.place().has_value());

    fs::remove_all(bench.root.path() / "blobs");

    CHECK(bench.root.read("releases/r1/a/b.js") == "1");
    REQUIRE(place_tree(bench.files(), bench.root.path() / "releases/r2", bench.blobs).has_value());
    CHECK(bench.root.read("releases/r2/a/b.js") == "1");
}

TEST_CASE("no path of a tree leads out of it")
{
    const Bench bench;
    for (const char* path : {"../x", "/x", "a/../../x", "", "./a"}) {
        ReleaseFile file = bench.file("index.html");
        file.path = path;
        CAPTURE(path);

        const auto placed = place_tree({file}, bench.to, bench.blobs);

        REQUIRE(placed.has_error());
        CHECK(placed.error().code == Errc::invalid_input);
    }
    CHECK(entries_of(bench.to.parent_path()) == 0);
}

TEST_CASE("a tree that was there is replaced as a whole")
{
    const Bench bench;
    bench.root.write("releases/r1/old.html", "old");

    REQUIRE(bench.place().has_value());

    CHECK_FALSE(fs::exists(bench.to / "old.html"));
    CHECK(fs::exists(bench.to / "index.html"));
    CHECK(entries_of(bench.to.parent_path()) == 1);
}

TEST_CASE("leftovers of a crash of the same tree are cleared, those of others are not")
{
    const Bench bench;
    bench.root.write("releases/.new-r1-Ab12Cd/half", "");
    bench.root.write("releases/.old-r1/whole", "");
    bench.root.write("releases/.new-r1-x-Ab12Cd/half", "");
    bench.root.write("releases/.new-r2-Ab12Cd/half", "");

    REQUIRE(bench.place().has_value());

    CHECK(entries_of(bench.to.parent_path()) == 3);
    CHECK(fs::exists(bench.to.parent_path() / ".new-r1-x-Ab12Cd"));
    CHECK(fs::exists(bench.to.parent_path() / ".new-r2-Ab12Cd"));
}

TEST_CASE("a tree with a link is refused and leaves nothing behind")
{
    const Bench bench;
    fs::create_symlink("/etc/passwd", bench.from.path() / "a/z");

    const auto placed = bench.place();

    REQUIRE(placed.has_error());
    CHECK(placed.error().code == Errc::invalid_input);
    CHECK(entries_of(bench.to.parent_path()) == 0);
}

TEST_CASE("a tree that cannot be read or placed is unavailable")
{
    const Bench bench;

    std::vector<ReleaseFile> files = bench.files();
    fs::remove(bench.from.path() / "index.html");
    CHECK(place_tree(files, bench.to, bench.blobs).has_error());

    bench.root.write("file", "");
    bench.from.write("index.html", "new");
    const auto below_file = place_tree(files, bench.root.path() / "file/r1", bench.blobs);
    CHECK(below_file.error().code == Errc::unavailable);
}

TEST_CASE("a link is made, moved, and left alone where it is right")
{
    const ScratchTree root;
    const fs::path link = root.path() / "host" / "current";

    REQUIRE(point_link(link, "../a", "id1").has_value());
    CHECK(fs::read_symlink(link) == "../a");

    REQUIRE(point_link(link, "../b", "id1").has_value());
    REQUIRE(point_link(link, "../b", "id1").has_value());
    CHECK(fs::read_symlink(link) == "../b");
    CHECK(entries_of(link.parent_path()) == 1);
}

TEST_CASE("a link is removed, and removing it again changes nothing")
{
    const ScratchTree root;
    const fs::path link = root.path() / "host" / "current";
    REQUIRE(point_link(link, "../a", "id1").has_value());

    CHECK(remove_link(link).has_value());
    CHECK(remove_link(link).has_value());

    CHECK(entries_of(link.parent_path()) == 0);
}

TEST_CASE("a half-made link of a crash does not stand in the way")
{
    const ScratchTree root;
    const fs::path link = root.path() / "host" / "current";
    fs::create_directories(link.parent_path());
    fs::create_symlink("../elsewhere", link.parent_path() / ".new-current-id1");

    REQUIRE(point_link(link, "../a", "id1").has_value());

    CHECK(fs::read_symlink(link) == "../a");
    CHECK(entries_of(link.parent_path()) == 1);
}

}  // namespace
}  // namespace libra
