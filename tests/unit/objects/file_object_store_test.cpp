#include "shared/objects/file_object_store.hpp"

#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace libra {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryDirectory;

fs::path place_of(const TemporaryDirectory& root, const Digest& digest)
{
    return root.path() / digest.hex().substr(0, 2) / digest.hex();
}

void overwrite(const fs::path& file, const std::string& bytes)
{
    std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
}

auto files_in(const fs::path& directory)
{
    return std::distance(fs::directory_iterator{directory}, fs::directory_iterator{});
}

/// Lets no file of this process grow beyond `bytes`, as on a disk that is full.
class SmallDisk {
public:
    explicit SmallDisk(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit small{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
    }

    ~SmallDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

private:
    rlimit before_{};
    void (*handler_)(int){};
};

TEST_CASE("what was put is got back under its digest")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();
    const std::string bytes{"one\0two\n", 8};

    const Digest digest = store->put(bytes).value();

    CHECK(digest == sha256(bytes));
    CHECK(store->get(digest).value() == bytes);
    CHECK(store->size(digest).value() == 8U);
}

TEST_CASE("an empty object is an object")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();

    const Digest digest = store->put("").value();

    CHECK(store->get(digest).value().empty());
    CHECK(store->size(digest).value() == 0U);
}

TEST_CASE("what was never put is not found")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();

    const auto bytes = store->get(sha256("nothing"));

    REQUIRE(bytes.has_error());
    CHECK(bytes.error().code == Errc::not_found);
    CHECK_FALSE(store->size(sha256("nothing")).value().has_value());
}

TEST_CASE("putting again leaves the stored copy alone")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();
    const Digest digest = store->put("same").value();
    const auto written = fs::last_write_time(place_of(root, digest));

    CHECK(store->put("same").value() == digest);

    CHECK(fs::last_write_time(place_of(root, digest)) == written);
}

TEST_CASE("an object store opened again still has everything")
{
    const TemporaryDirectory root;
    const Digest digest = FileObjectStore::open(root.path()).value()->put("kept").value();

    const auto again = FileObjectStore::open(root.path()).value();

    CHECK(again->get(digest).value() == "kept");
}

TEST_CASE("what root stores belongs to the owner of the directory")
{
    constexpr uid_t k_owner = 12'345;
    const TemporaryDirectory root;
    if (::chown(root.path().c_str(), k_owner, k_owner) != 0) {
        return;  // without rights nothing can be given away
    }
    const auto store = FileObjectStore::open(root.path()).value();

    const Digest digest = store->put("shared").value();

    const fs::path place = place_of(root, digest);
    for (const fs::path& path :
         {place, place.parent_path(), root.path() / "tmp", root.path() / "damaged"}) {
        const FileOwner owner = owner_of(path).value();
        CHECK(owner.user == k_owner);
        CHECK(owner.group == k_owner);
    }
    CHECK(files_in(root.path() / "tmp") == 0);
}

TEST_CASE("a damaged object is refused, set aside, and can be stored anew")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();
    const Digest digest = store->put("right").value();
    overwrite(place_of(root, digest), "wrong");

    const auto first = store->get(digest);

    REQUIRE(first.has_error());
    CHECK(first.error().code == Errc::rejected);
    CHECK(fs::exists(root.path() / "damaged" / digest.hex()));
    CHECK(store->get(digest).error().code == Errc::not_found);
    REQUIRE(store->put("right").has_value());
    CHECK(store->get(digest).value() == "right");
}

TEST_CASE("a copy cut short by a crash is replaced by the next put")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();
    const Digest digest = store->put("complete").value();
    overwrite(place_of(root, digest), "comp");

    REQUIRE(store->put("complete").has_value());

    CHECK(store->get(digest).value() == "complete");
}

TEST_CASE("leftovers of a crashed write disturb nobody")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();
    overwrite(root.path() / "tmp" / "aBcDeF", "half a");

    const Digest digest = store->put("half a").value();

    CHECK(store->get(digest).value() == "half a");
}

TEST_CASE("a write that does not fit is reported and leaves nothing behind")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();
    const std::string large(64U << 10U, 'x');

    const auto outcome = [&] {
        const SmallDisk disk{16U << 10U};
        return store->put(large);
    }();

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == Errc::unavailable);
    CHECK(files_in(root.path() / "tmp") == 0);
    CHECK_FALSE(store->size(sha256(large)).value().has_value());
}

TEST_CASE("many objects are put at once, equal ones once")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();
    std::vector<std::string> texts;
    for (int i = 0; i < 50; ++i) {
        texts.push_back("object " + std::to_string(i % 40));
    }

    REQUIRE(store->put_all({texts.begin(), texts.end()}).has_value());

    for (const std::string& text : texts) {
        CHECK(store->get(sha256(text)).value() == text);
    }
    CHECK(files_in(root.path() / "tmp") == 0);
    CHECK(store->put_all({}).has_value());
}

TEST_CASE("of many objects one that does not fit is reported")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();
    const std::string large(64U << 10U, 'x');

    const auto outcome = [&] {
        const SmallDisk disk{16U << 10U};
        return store->put_all({"small", large, "also small"});
    }();

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == Errc::unavailable);
    CHECK(files_in(root.path() / "tmp") == 0);
}

TEST_CASE("a directory that cannot be used is reported when the store is opened")
{
    const TemporaryDirectory root;
    overwrite(root.path() / "file", "not a directory");

    for (const fs::path& path : {root.path() / "file", fs::path{"/proc/libra"}}) {
        const auto store = FileObjectStore::open(path);

        REQUIRE(store.has_error());
        CHECK(store.error().code == Errc::unavailable);
        CHECK_THAT(store.error().detail, Catch::Contains(path.string()));
    }
}

TEST_CASE("a put that cannot make its directory is reported")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();
    overwrite(root.path() / sha256("bytes").hex().substr(0, 2), "in the way");

    const auto outcome = store->put("bytes");

    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == Errc::unavailable);
}

TEST_CASE("many threads may put the same and different objects at once")
{
    const TemporaryDirectory root;
    const auto store = FileObjectStore::open(root.path()).value();

    constexpr std::size_t k_threads = 4;
    std::vector<std::jthread> threads;
    threads.reserve(k_threads);
    while (threads.size() < k_threads) {
        threads.emplace_back([&store] {
            for (int i = 0; i < 20; ++i) {
                static_cast<void>(store->put("object " + std::to_string(i)));
            }
        });
    }
    threads.clear();

    for (int i = 0; i < 20; ++i) {
        const std::string bytes = "object " + std::to_string(i);
        CHECK(store->get(sha256(bytes)).value() == bytes);
    }
    CHECK(files_in(root.path() / "tmp") == 0);
}

}  // namespace
}  // namespace libra
