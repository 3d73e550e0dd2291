#include "shared/base/digest.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

TEST_CASE("digests agree with the known vectors of SHA-256")
{
    // Source: FIPS 180-4 examples; the empty string and a million times "a".
    CHECK(sha256("").hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(
        sha256("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    CHECK(
        sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex() ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    );
    CHECK(
        sha256(std::string(1'000'000, 'a')).hex() ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    );
}

TEST_CASE("a digest taken in pieces equals that of the whole")
{
    Sha256 sum;
    sum.update("a");
    sum.update("");
    sum.update("bc");

    CHECK(sum.finish() == sha256("abc"));
}

TEST_CASE("a digest comes back from its hexadecimal form")
{
    const Digest digest = sha256("abc");

    CHECK(Digest::parse(digest.hex()) == digest);
}

TEST_CASE("only 64 lower-case hexadecimal digits are a digest")
{
    const std::string good(64, 'a');

    CHECK(Digest::parse(good));
    CHECK_FALSE(Digest::parse(""));
    CHECK_FALSE(Digest::parse(good.substr(1)));
    CHECK_FALSE(Digest::parse(good + "a"));
    CHECK_FALSE(Digest::parse(std::string(64, 'A')));
    CHECK_FALSE(Digest::parse(good.substr(1) + "g"));
    CHECK_FALSE(Digest::parse(good.substr(1) + std::string(1, '\0')));
}

}  // namespace libra::testing
