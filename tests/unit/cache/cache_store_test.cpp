#include "deploy-worker/cache/cache_store.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/scratch_tree.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <iterator>

using namespace std::chrono_literals;

namespace libra {
namespace {

namespace fs = std::filesystem;
using testing::FakeClock;
using testing::RecordingLog;
using testing::ScratchTree;

constexpr std::uint64_t k_entry_bytes = 64U << 10U;

struct Bench {
    explicit Bench(std::uint64_t max_bytes = 10 * k_entry_bytes) : max{max_bytes} {}

    CacheStore store(const std::string& worker = "w")
    {
        return {
            {.root = directory.path() / "cache", .max_bytes = max, .worker_id = worker},
            clock,
            log.log()};
    }

    CacheDraft draft(
        CacheStore& store,
        const std::string& key,
        std::uint64_t bytes,
        const std::string& organization = "acme"
    )
    {
        CacheDraft made = store.draft(CacheKind::dependencies, sha256(key), organization).value();
        std::ofstream{made.content()} << std::string(bytes, 'x');
        return made;
    }

    void keep(CacheStore& store, const std::string& key, const std::string& organization = "acme")
    {
        clock.advance(1s);
        REQUIRE(store.publish(draft(store, key, k_entry_bytes, organization), 21s).has_value());
    }

    static bool has(CacheStore& store, const std::string& key)
    {
        return store.find(CacheKind::dependencies, sha256(key)).has_value();
    }

    fs::path entry(const std::string& key) const
    {
        return directory.path() / "cache/dependencies" / sha256(key).hex();
    }

    auto unfinished() const
    {
        return std::distance(fs::directory_iterator{directory.path() / "cache/new"}, {});
    }

    std::uint64_t max;
    ScratchTree directory;
    FakeClock clock;
    RecordingLog log;
};

TEST_CASE("what was published is found, with what it cost and when it was made")
{
    Bench bench;
    CacheStore store = bench.store();
    CHECK_FALSE(Bench::has(store, "a"));
    bench.clock.advance(90s);

    bench.keep(store, "a");
    bench.clock.advance(1h);
    const auto found = store.find(CacheKind::dependencies, sha256("a"));

    REQUIRE(found.has_value());
    CHECK(fs::file_size(found->content) == k_entry_bytes);
    CHECK(found->bytes >= k_entry_bytes);
    CHECK(found->cost == 21s);
    CHECK(found->made == UtcTime{91s});
    CHECK_FALSE(store.find(CacheKind::tools, sha256("a")).has_value());
    CHECK(bench.unfinished() == 0);
}

TEST_CASE("a directory can be an entry too")
{
    Bench bench;
    CacheStore store = bench.store();
    CacheDraft draft = store.draft(CacheKind::frameworks, sha256("a"), "acme").value();
    fs::create_directories(draft.content() / "deep");
    std::ofstream{draft.content() / "deep/file"} << "text";

    const auto bytes = store.publish(std::move(draft), 0s);
    const auto found = store.find(CacheKind::frameworks, sha256("a"));

    REQUIRE(bytes.has_value());
    REQUIRE(found.has_value());
    CHECK(fs::exists(found->content / "deep/file"));
}

TEST_CASE("a draft that is not published, or has nothing in it, leaves nothing")
{
    Bench bench;
    CacheStore store = bench.store();

    static_cast<void>(bench.draft(store, "a", 10));
    const auto published =
        store.publish(store.draft(CacheKind::dependencies, sha256("b"), "acme").value(), 1s);

    CHECK(published.error().code == Errc::not_found);
    CHECK_FALSE(Bench::has(store, "a"));
    CHECK_FALSE(Bench::has(store, "b"));
    CHECK(bench.unfinished() == 0);
}

TEST_CASE("of two that publish under one key the first one's entry stays")
{
    Bench bench;
    CacheStore one = bench.store("one");
    CacheStore two = bench.store("two");
    CacheDraft late = bench.draft(two, "a", 10);

    bench.keep(one, "a");
    REQUIRE(two.publish(std::move(late), 5s).has_value());

    const auto found = two.find(CacheKind::dependencies, sha256("a"));
    CHECK(found.value().cost == 21s);
    CHECK(bench.unfinished() == 0);
}

TEST_CASE("those not used for longest make room for a new one")
{
    Bench bench{3 * k_entry_bytes};
    CacheStore store = bench.store();
    for (const char* key : {"a", "b", "c"}) {
        bench.keep(store, key);
    }
    bench.clock.advance(1s);
    CHECK(Bench::has(store, "a"));

    bench.keep(store, "d");

    CHECK(Bench::has(store, "a"));
    CHECK_FALSE(Bench::has(store, "b"));
    CHECK(Bench::has(store, "c"));
    CHECK(Bench::has(store, "d"));
    CHECK(bench.unfinished() == 0);
}

TEST_CASE("however much an organisation builds, what others have of their share stays")
{
    Bench bench{4 * k_entry_bytes};
    CacheStore store = bench.store();
    CacheStore other = bench.store("other");
    bench.keep(store, "quiet-1", "quiet");
    bench.keep(store, "quiet-2", "quiet");

    for (int i = 0; i < 10; ++i) {
        bench.keep(i % 2 == 0 ? store : other, "busy-" + std::to_string(i), "busy");
    }

    CHECK(Bench::has(store, "quiet-1"));
    CHECK(Bench::has(store, "quiet-2"));
    CHECK(Bench::has(store, "busy-8"));
    CHECK(Bench::has(store, "busy-9"));
    CHECK_FALSE(Bench::has(store, "busy-7"));
}

TEST_CASE("an entry of a version that wrote no owner counts for nobody, and is found")
{
    Bench bench{2 * k_entry_bytes};
    CacheStore store = bench.store();
    bench.keep(store, "a");
    fs::remove(bench.entry("a") / "owner");

    CHECK(Bench::has(store, "a"));
    bench.keep(store, "b");
    bench.keep(store, "c");
    CHECK(Bench::has(store, "a"));
    CHECK_FALSE(Bench::has(store, "b"));
}

TEST_CASE("after the limit was lowered, what is beyond it goes at once")
{
    Bench bench{3 * k_entry_bytes};
    CacheStore before = bench.store();
    for (const char* key : {"a", "b", "c"}) {
        bench.keep(before, key);
    }
    const std::uint64_t left = GENERATE(0, 2);
    bench.max = left * k_entry_bytes;

    CacheStore after = bench.store();
    after.shrink();

    CHECK_FALSE(fs::exists(bench.entry("a")));
    CHECK(fs::exists(bench.entry("b")) == (left > 0));
    CHECK(fs::exists(bench.entry("c")) == (left > 0));
    CHECK(after.reading().bytes == left * k_entry_bytes);
    CHECK(bench.unfinished() == 0);
}

TEST_CASE("an entry in use does not make room, whoever uses it")
{
    Bench bench{2 * k_entry_bytes};
    CacheStore store = bench.store();
    CacheStore other = bench.store("other");
    bench.keep(store, "a");
    bench.keep(store, "b");
    auto in_use = store.find(CacheKind::dependencies, sha256("a"));
    bench.clock.advance(1s);
    REQUIRE(Bench::has(store, "b"));

    bench.keep(other, "c");
    const bool stayed = fs::exists(in_use.value().content);
    in_use.reset();
    bench.keep(other, "d");

    CHECK(stayed);
    CHECK_FALSE(Bench::has(store, "a"));
    CHECK_FALSE(Bench::has(store, "b"));
    CHECK(Bench::has(store, "c"));
}

TEST_CASE("what is larger than the limit alone is not kept, and drives nothing out")
{
    Bench bench{2 * k_entry_bytes};
    CacheStore store = bench.store();
    bench.keep(store, "a");

    const auto published = store.publish(bench.draft(store, "big", 3 * k_entry_bytes), 1s);

    CHECK(published.error().code == Errc::limit_exceeded);
    CHECK(Bench::has(store, "a"));
}

TEST_CASE("a damaged entry is removed when it is looked for, and can be made anew")
{
    Bench bench;
    CacheStore store = bench.store();
    bench.keep(store, "a");
    SECTION("its facts are missing")
    {
        fs::remove(bench.entry("a") / "entry");
    }
    SECTION("its facts are nonsense")
    {
        std::ofstream{bench.entry("a") / "entry", std::ios::trunc} << "nonsense";
    }
    SECTION("its content is missing")
    {
        fs::remove(bench.entry("a") / "content");
    }
    SECTION("its content has another size")
    {
        fs::resize_file(bench.entry("a") / "content", 10);
    }
    SECTION("its content is of another kind")
    {
        fs::remove(bench.entry("a") / "content");
        fs::create_directory(bench.entry("a") / "content");
    }

    CHECK_FALSE(Bench::has(store, "a"));
    CHECK_FALSE(fs::exists(bench.entry("a")));
    bench.keep(store, "a");
    CHECK(Bench::has(store, "a"));
}

TEST_CASE("an entry from before the host went down is believed only if it had reached the disk")
{
    Bench bench;
    CacheStore store = bench.store();
    const bool settled = GENERATE(true, false);
    bench.keep(store, "a");
    if (settled) {
        store.settle();
    }

    // As it would be after another start.
    std::ifstream before{bench.entry("a") / "entry"};
    std::string facts{std::istreambuf_iterator<char>{before}, {}};
    facts.replace(facts.find("boot ") + 5, 4, "else");
    std::ofstream{bench.entry("a") / "entry", std::ios::trunc} << facts;

    CHECK(Bench::has(store, "a") == settled);
}

TEST_CASE("what a dead worker left unfinished is removed, and nothing of others")
{
    Bench bench;
    CacheStore dead = bench.store("w-1");
    CacheStore alive = bench.store("w");
    const CacheDraft lost = bench.draft(dead, "a", 10);
    const CacheDraft wanted = bench.draft(alive, "b", 10);

    REQUIRE(alive.remove_unfinished("w-1").has_value());

    CHECK_FALSE(fs::exists(lost.content()));
    CHECK(fs::exists(wanted.content()));
}

}  // namespace
}  // namespace libra
