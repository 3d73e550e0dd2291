#include "shared/base/base64.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

TEST_CASE("base64 agrees with the vectors of RFC 4648")
{
    CHECK(to_base64("").empty());
    CHECK(to_base64("f") == "Zg==");
    CHECK(to_base64("fo") == "Zm8=");
    CHECK(to_base64("foo") == "Zm9v");
    CHECK(to_base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("base64 takes any byte and never breaks the line")
{
    CHECK(to_base64(std::string_view{"\0\xFF\xFE", 3}) == "AP/+");
    CHECK(to_base64(std::string(3000, '\0')) == std::string(4000, 'A'));
}

TEST_CASE("base64url needs no escaping in an address and no padding")
{
    CHECK(to_base64url("f") == "Zg");
    CHECK(to_base64url("foo") == "Zm9v");
    CHECK(to_base64url(std::string_view{"\xFB\xFF\xFE", 3}) == "-__-");
}

TEST_CASE("base64 is read back strictly")
{
    for (const std::string& bytes :
         {std::string{},
          std::string{"a"},
          std::string{"ab"},
          std::string{"abc"},
          std::string{"\0\xff", 2}}) {
        CHECK(from_base64(to_base64(bytes)) == bytes);
    }
    for (const char* const bad :
         {"a", "ab", "abc", "ab=c", "YQ", "YQ=", "YR==", " YQ==", "YQ==\n", "-_-_"}) {
        CAPTURE(bad);
        CHECK_FALSE(from_base64(bad).has_value());
    }
}

TEST_CASE("base64url is read back strictly")
{
    for (const std::string& bytes :
         {std::string{},
          std::string{"a"},
          std::string{"ab"},
          std::string{"abc"},
          std::string{"\xFB\xFF\xFE\0", 4}}) {
        CHECK(from_base64url(to_base64url(bytes)) == bytes);
    }
    for (const char* const bad : {"a", "abcde", "YQ==", "YR", " YQ", "YQ\n", "+/+/", "Y.Q"}) {
        CAPTURE(bad);
        CHECK_FALSE(from_base64url(bad).has_value());
    }
}

}  // namespace libra::testing
