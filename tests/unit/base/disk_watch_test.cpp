#include "shared/base/disk_watch.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace libra {
namespace {

constexpr std::uint64_t k_mebibyte = 1U << 20U;

struct Bench {
    explicit Bench(DiskMark mark)
        : watch{
              {{"the sites", "/sites", "sites"}, {"the work trees", "/work", "work"}},
              mark,
              [this](const std::filesystem::path& path) { return disks.at(path.string()); }}
    {
    }

    bool full_with_free(std::uint64_t mebibytes)
    {
        disks.at("/sites") = space(mebibytes);
        watch.look();
        return watch.full();
    }

    static DiskSpace space(std::uint64_t free_mebibytes)
    {
        return {.bytes = 1000 * k_mebibyte, .free_bytes = free_mebibytes * k_mebibyte};
    }

    std::map<std::string, Result<DiskSpace>> disks{{"/sites", space(500)}, {"/work", space(500)}};
    DiskWatch watch;
};

TEST_CASE("a disk is full from the mark on, and has room again only well below it")
{
    Bench bench{{.percent = 90}};

    CHECK_FALSE(bench.full_with_free(101));
    CHECK(bench.full_with_free(100));
    CHECK(bench.watch.reason() == "the sites is 90 % full, 100 MiB are free");
    CHECK(bench.full_with_free(120));
    CHECK_FALSE(bench.full_with_free(131));
    CHECK_FALSE(bench.full_with_free(110));
    CHECK(bench.watch.reason().empty());
}

TEST_CASE("a disk is full when less is free than has to be")
{
    Bench bench{{.percent = 100, .free_bytes = 200 * k_mebibyte}};

    CHECK_FALSE(bench.full_with_free(200));
    CHECK(bench.full_with_free(199));
    CHECK(bench.full_with_free(219));
    CHECK_FALSE(bench.full_with_free(220));
    CHECK_FALSE(Bench{{.percent = 100}}.full_with_free(0));
}

TEST_CASE("a disk without inodes to spare is full")
{
    Bench bench{{.percent = 90}};
    bench.disks.at("/work")->files = 1000;
    bench.disks.at("/work")->free_files = 50;

    bench.watch.look();

    CHECK(bench.watch.full());
    CHECK(bench.watch.reason() == "the work trees is 95 % full, 500 MiB are free");
}

TEST_CASE("a disk that cannot be measured stays what it was")
{
    Bench bench{{.percent = 90}};
    REQUIRE(bench.full_with_free(0));

    bench.disks.at("/sites") = Error{Errc::unavailable, "gone"};
    bench.watch.look();
    CHECK(bench.watch.full());

    bench.full_with_free(500);
    bench.disks.at("/sites") = Error{Errc::unavailable, "gone"};
    bench.watch.look();
    CHECK_FALSE(bench.watch.full());
}

TEST_CASE("a folder that is not there yet is measured where it will be")
{
    const auto root = disk_space("/");
    const auto below = disk_space("/not/there/yet");

    REQUIRE(below.has_value());
    CHECK(below->bytes == root->bytes);
    CHECK(below->free_bytes <= below->bytes);
}

TEST_CASE("a disk that was measured is shown with the part in use of what is scarcer")
{
    Bench bench{{.percent = 90}};
    CHECK(bench.watch.readings().empty());
    bench.disks.at("/sites") =
        DiskSpace{.bytes = 1000, .free_bytes = 500, .files = 1000, .free_files = 50};
    bench.disks.at("/work") = Error{Errc::unavailable, "gone"};

    bench.watch.look();

    const std::vector<DiskReading> readings = bench.watch.readings();
    REQUIRE(readings.size() == 1);
    CHECK(readings.front().label == "sites");
    CHECK(readings.front().used == Approx(0.95));
    CHECK(readings.front().full);
}

}  // namespace
}  // namespace libra
