#include "shared/base/text.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

TEST_CASE("the length of a UTF-8 sequence is known, and nought where there is none")
{
    CHECK(utf8_length("a") == 1);
    CHECK(utf8_length("\xC3\xBC") == 2);
    CHECK(utf8_length("\xE2\x82\xAC") == 3);
    CHECK(utf8_length("\xF4\x8F\xBF\xBF") == 4);
    CHECK(utf8_length("\x80") == 0);
    CHECK(utf8_length("\xC1\x81") == 0);          // overlong
    CHECK(utf8_length("\xE0\x9F\xBF") == 0);      // overlong
    CHECK(utf8_length("\xF0\x8F\xBF\xBF") == 0);  // overlong
    CHECK(utf8_length("\xED\xA0\x80") == 0);      // surrogate
    CHECK(utf8_length("\xF4\x90\x80\x80") == 0);  // past U+10FFFF
    CHECK(utf8_length("\xE2\x82") == 0);          // cut off
}

TEST_CASE("terminal control sequences are taken out of a text")
{
    CHECK(without_escapes("plain") == "plain");
    CHECK(without_escapes("\x1B[1;31mred\x1B[0m") == "red");
    CHECK(
        without_escapes("a\x1B]0;title\x07"
                        "b") == "ab"
    );
    CHECK(without_escapes("a\x1B]8;;http://x\x1B\\link\x1B]8;;\x1B\\b") == "alinkb");
    CHECK(
        without_escapes("\x1B"
                        "cwiped") == "wiped"
    );
    CHECK(without_escapes("cut\x1B[12") == "cut");
    CHECK(without_escapes("cut\x1B") == "cut");
}

TEST_CASE("text is UTF-8 when all of it is")
{
    CHECK(is_utf8(""));
    CHECK(is_utf8("caf\xC3\xA9 \xE2\x82\xAC"));
    CHECK_FALSE(is_utf8("caf\xE9"));
    CHECK_FALSE(is_utf8("caf\xC3"));
    CHECK_FALSE(is_utf8("\x80"));
}

TEST_CASE("what is percent-encoded is decoded")
{
    CHECK(percent_decoded("") == "");
    CHECK(percent_decoded("plain+text") == "plain+text");
    CHECK(percent_decoded("a%20b%2Fc%2f") == "a b/c/");
    CHECK(percent_decoded("%C3%BC") == "\xC3\xBC");
}

TEST_CASE("a percent sign without two hex digits is no encoding")
{
    const std::string_view text = GENERATE("%", "%4", "%4g", "%-1", "% 1", "a%zz", "%%41");

    CHECK_FALSE(percent_decoded(text));
}

}  // namespace libra::testing
