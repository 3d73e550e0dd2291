#include "deploy-worker/masking/pattern_set.hpp"

#include <catch2/catch.hpp>

#include <initializer_list>
#include <string>

namespace libra {
namespace {

PatternSet set_of(std::initializer_list<const char*> patterns)
{
    PatternSet set;
    for (const char* const pattern : patterns) {
        set.add(pattern, false);
    }
    set.finish();
    return set;
}

/// For each byte the length of the longest match that ends there.
std::string matches(const PatternSet& set, std::string_view text)
{
    std::string lengths;
    PatternSet::State state = PatternSet::k_start;
    for (const char byte : text) {
        state = set.step(state, byte);
        lengths += static_cast<char>('0' + set.match(state).length);
    }
    return lengths;
}

TEST_CASE("every pattern is found wherever it ends, the longest one first")
{
    CHECK(matches(set_of({"he", "she", "his", "hers"}), "ushers his") == "0003040003");
    CHECK(matches(set_of({"aa", "aaaa"}), "aaaaa") == "02244");
}

TEST_CASE("a pattern inside a longer one that is not completed is found")
{
    CHECK(matches(set_of({"abcdef", "cd"}), "abcdx") == "00020");
}

TEST_CASE("what may be the beginning of a match is known")
{
    const PatternSet set = set_of({"secret"});
    PatternSet::State state = PatternSet::k_start;
    for (const char byte : std::string_view{"xsec"}) {
        state = set.step(state, byte);
    }

    CHECK(set.pending(state) == 3);
    CHECK(set.pending(set.step(state, 's')) == 1);
    CHECK(set.pending(set.step(state, 'x')) == 0);
}

TEST_CASE("a set without patterns finds nothing")
{
    const PatternSet set = set_of({""});

    CHECK(set.empty());
    CHECK(matches(set, "abc") == "000");
}

}  // namespace
}  // namespace libra
