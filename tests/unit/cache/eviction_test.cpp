#include "deploy-worker/cache/eviction.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Names = std::vector<std::string>;

KeptEntry entry(const std::string& name, const std::string& organization, std::int64_t used)
{
    return {.directory = name, .organization = organization, .bytes = 10, .used = used};
}

/// The names of those that go, in order.
Names gone(std::vector<KeptEntry> kept, const WantedRoom& wanted, std::uint64_t max_bytes)
{
    Names names;
    for (auto next = kept.end(); (next = next_to_go(kept, wanted, max_bytes)) != kept.end();) {
        names.push_back(next->directory);
        kept.erase(next);
    }
    return names;
}

TEST_CASE("of one organisation those not used for longest go, and no more than have to")
{
    const std::vector<KeptEntry> kept{entry("b", "x", 2), entry("a", "x", 1), entry("c", "x", 3)};

    CHECK(gone(kept, {"x", 10}, 40).empty());
    CHECK(gone(kept, {"x", 10}, 39) == Names{"a"});
    CHECK(gone(kept, {"x", 20}, 30) == Names{"a", "b"});
    CHECK(gone(kept, {}, 0) == Names{"a", "b", "c"});
}

TEST_CASE("who has more than its share makes the room, however old the others' entries are")
{
    const std::vector<KeptEntry> kept{
        entry("quiet", "y", 1), entry("a", "x", 2), entry("b", "x", 3), entry("c", "x", 4)};

    CHECK(gone(kept, {"x", 10}, 40) == Names{"a"});
    CHECK(gone(kept, {"x", 30}, 40) == Names{"a", "b", "c"});
    CHECK(gone(kept, {"z", 10}, 40) == Names{"a"});
}

TEST_CASE("of several with more than their share the least used entry goes")
{
    const std::vector<KeptEntry> kept{
        entry("x1", "x", 3), entry("y1", "y", 1), entry("x2", "x", 2), entry("y2", "y", 4)};

    CHECK(gone(kept, {"z", 10}, 40) == Names{"y1"});
    CHECK(gone(kept, {"z", 20}, 40) == Names{"y1", "x2"});
}

TEST_CASE("what is everybody's counts as one more")
{
    const std::vector<KeptEntry> kept{
        entry("tool", "", 1), entry("a", "x", 2), entry("b", "x", 3), entry("c", "x", 4)};

    CHECK(gone(kept, {"x", 10}, 40) == Names{"a"});
}

TEST_CASE("what cannot be read goes first, and what is in use stays")
{
    std::vector<KeptEntry> kept{entry("a", "x", 1), entry("b", "x", 2), entry("broken", "", 0)};
    kept[0].in_use = true;
    kept[2].readable = false;
    kept[2].bytes = 0;

    CHECK(gone(kept, {"x", 10}, 20) == Names{"broken", "b"});
    CHECK(gone(kept, {"x", 20}, 20) == Names{"broken", "b"});
}

}  // namespace
}  // namespace libra
