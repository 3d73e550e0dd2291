#include "deploy-worker/cache/entry_file.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

const EntryFacts k_facts{
    .bytes = 300,
    .content_size = 4096,
    .made = UtcTime{std::chrono::milliseconds{1'764'000'000'123}},
    .cost = std::chrono::milliseconds{21'300},
    .boot = "7e5c"};

TEST_CASE("what is written down of an entry is read again")
{
    CHECK(decode_entry(encode_entry(k_facts)) == k_facts);
}

TEST_CASE("an entry's file that is cut off, longer or another is not believed")
{
    const std::string whole = encode_entry(k_facts);

    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK_FALSE(decode_entry(whole.substr(0, size)).has_value());
    }
    CHECK_FALSE(decode_entry(whole + "more\n").has_value());
    CHECK_FALSE(decode_entry("libra-cache-entry 2\n" + whole.substr(whole.find('\n') + 1)));
    CHECK_FALSE(decode_entry(std::string(200, '\0')).has_value());
}

}  // namespace
}  // namespace libra
