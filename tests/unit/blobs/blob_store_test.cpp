#include "deploy-worker/blobs/blob_store.hpp"

#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

namespace fs = std::filesystem;

using testing::ScratchTree;

const UtcTime k_now =
    std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());

struct Bench {
    Bench() { tree.write("a", "text"); }

    fs::path operator/(const std::string& name) const { return tree.path() / name; }

    ScratchTree tree;
    BlobStore blobs{tree.path() / "blobs"};
    BlobKey key{.content = sha256("text")};
};

TEST_CASE("what was kept is linked from then on")
{
    const Bench bench;
    CHECK_FALSE(bench.blobs.link(bench.key, 4, bench / "b"));

    bench.blobs.keep(bench.key, bench / "a");

    CHECK(bench.blobs.link(bench.key, 4, bench / "b"));
    CHECK(fs::equivalent(bench / "a", bench / "b"));
    CHECK_FALSE(bench.blobs.link(bench.key, 4, bench / "b"));
}

TEST_CASE("a form of a content is not taken for the content")
{
    const Bench bench;
    bench.blobs.keep({sha256("text"), "br1"}, bench / "a");

    CHECK_FALSE(bench.blobs.fetch(bench.key, bench / "b"));
    CHECK_FALSE(bench.blobs.fetch({sha256("text"), "br2"}, bench / "b"));
    CHECK(bench.blobs.fetch({sha256("text"), "br1"}, bench / "b"));
    CHECK(bench.tree.read("b") == "text");
}

TEST_CASE("a content of another length is not linked, and gives way to a whole one")
{
    const Bench bench;
    bench.tree.write("torn", "te");
    bench.blobs.keep(bench.key, bench / "torn");

    CHECK_FALSE(bench.blobs.link(bench.key, 4, bench / "b"));
    bench.blobs.keep(bench.key, bench / "a");

    CHECK(bench.blobs.link(bench.key, 4, bench / "b"));
    CHECK(bench.tree.read("b") == "text");
}

TEST_CASE("keeping the same content twice keeps the first")
{
    const Bench bench;
    bench.tree.write("twin", "text");
    bench.blobs.keep(bench.key, bench / "a");
    bench.blobs.keep(bench.key, bench / "a");
    bench.blobs.keep(bench.key, bench / "twin");

    CHECK(bench.blobs.link(bench.key, 4, bench / "b"));
    CHECK(fs::equivalent(bench / "a", bench / "b"));
    CHECK(fs::hard_link_count(bench / "twin") == 1);
}

TEST_CASE("a store that cannot be written to is a store without contents")
{
    const Bench bench;
    const BlobStore blobs{bench / "a" / "no-directory"};

    blobs.keep(bench.key, bench / "a");

    CHECK_FALSE(blobs.link(bench.key, 4, bench / "b"));
}

TEST_CASE("a sweep removes what nobody links to any more, and nothing else")
{
    const Bench bench;
    bench.tree.write("c", "other");
    bench.blobs.keep(bench.key, bench / "a");
    bench.blobs.keep({sha256("other"), ""}, bench / "c");
    fs::remove(bench / "a");

    CHECK(bench.blobs.sweep(k_now - 1h, {})->files == 0);
    const auto swept = bench.blobs.sweep(k_now + 1h, {});

    REQUIRE(swept.has_value());
    CHECK(swept->files == 1);
    CHECK(swept->bytes == 4);
    CHECK_FALSE(bench.blobs.link(bench.key, 4, bench / "b"));
    CHECK(bench.blobs.link({sha256("other"), ""}, 5, bench / "d"));
}

TEST_CASE("a sweep of a store that was never used finds nothing, and a stopped one ends")
{
    const Bench bench;
    CHECK(bench.blobs.sweep(k_now, {})->files == 0);
    bench.blobs.keep(bench.key, bench / "a");
    fs::remove(bench / "a");
    std::stop_source stop;
    stop.request_stop();

    CHECK(bench.blobs.sweep(k_now + 1h, stop.get_token())->files == 0);
}

}  // namespace
}  // namespace libra
