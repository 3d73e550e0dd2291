#include "deploy-worker/masking/masking_sink.hpp"

#include "deploy-worker/masking/secret_forms.hpp"
#include "shared/base/base64.hpp"
#include "tests/support/recording_lines.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace libra {
namespace {

const std::string k_secret{"p4ss w\"rd/ü+"};

std::string masked_line(const std::string& text, std::vector<std::string> secrets = {k_secret})
{
    return masked(patterns_of(secrets), text);
}

TEST_CASE("a secret is masked and what stands around it stays")
{
    CHECK(masked_line("key=" + k_secret + "; done") == "key=[redacted]; done");
    CHECK(masked_line("nothing to hide") == "nothing to hide");
    CHECK(masked_line("") == "");
    CHECK(masked_line("a\n\nb\n") == "a\n\nb\n");
}

TEST_CASE("a secret is masked in each of the ways it may be written")
{
    for (const char* const text :
         {"p4ss%20w%22rd%2F%C3%BC%2B",                // encodeURIComponent
          "p4ss+w%22rd%2f%c3%bc%2b",                  // a form
          "p4ss%20w%22rd/%C3%BC+",                    // encodeURI
          "%70%34%73%73%20%77%22%72%64%2f%c3%bc%2b",  // every byte
          "p4ss w\\\"rd/ü+",                          // JSON.stringify
          "p4ss w\\\"rd\\/\\u00fc+",                  // json_encode
          "\\u0070\\u0034ss w\\u0022rd/\\u00FC+"}) {
        CAPTURE(text);
        CHECK(masked_line("x=" + std::string{text} + ";") == "x=[redacted];");
    }
}

TEST_CASE("a secret in base64 is masked in both alphabets and after any bytes")
{
    const std::string secret{"\xfb\xff\xbf>>>???secret"};
    for (const char* const lead : {"", "a", "ab", "abc", "user:", "user1:"}) {
        for (const char* const tail : {"", "\n", "zz", "\"}"}) {
            const std::string before{lead};
            const std::string after{tail};
            std::string text = to_base64(before + secret + after);
            CAPTURE(before, after, text);
            const std::string standard = masked_line("x " + text + " y", {secret});
            std::replace(text.begin(), text.end(), '+', '-');
            std::replace(text.begin(), text.end(), '/', '_');
            const std::string url = masked_line("x " + text + " y", {secret});

            CHECK(standard == url);
            CHECK_THAT(standard, Catch::Contains("[redacted]"));
            CHECK(standard.size() < before.size() + after.size() + 26);
        }
    }
}

TEST_CASE("a secret with line ends is masked line by line, and as a whole in one line")
{
    const std::string secret{"-----BEGIN-----\nabcdef\r\nghi\n-----END-----\n"};

    CHECK(
        masked_line("-----BEGIN-----\nabcdef\nxx\n-----END-----", {secret}) ==
        "[redacted]\n[redacted]\nxx\n[redacted]"
    );
    CHECK(
        masked_line(R"(k="-----BEGIN-----\nabcdef\r\nghi\n-----END-----\n")", {secret}) ==
        R"(k="[redacted]\n")"
    );
    CHECK(
        masked_line("-----BEGIN-----%0Aabcdef%0D%0Aghi%0A-----END-----", {secret}) == "[redacted]"
    );
    CHECK_THAT(
        masked_line(to_base64(secret), {secret}), !Catch::Contains(to_base64(secret).substr(8, 8))
    );
}

TEST_CASE("a secret in base64 hides nothing of the lines before and after")
{
    const std::string text = to_base64("user:k-secret-value");

    CHECK(
        masked_line("line\n" + text + "\nline", {"k-secret-value"}) ==
        "line\ndXNlcj[redacted]==\nline"
    );
    CHECK(masked_line("line\n" + text.substr(8) + "\nline", {"user:k-secret-value"})
              .ends_with("\nline"));
}

TEST_CASE("of secrets that overlap nothing is left")
{
    CHECK(masked_line("abcdefghi", {"abcdef", "defghi"}) == "[redacted]");
    CHECK(masked_line("abcdef", {"abcd", "abcdefgh"}) == "[redacted]ef");
}

TEST_CASE("values under four bytes are not masked")
{
    CHECK(masked_line("abc abcd", {"abc"}) == "abc abcd");
    CHECK(masked_line("abc abcd", {"abcd"}) == "abc [redacted]");
    CHECK(masked_line("a", {}) == "a");
}

TEST_CASE("a long secret is masked in parts as well")
{
    std::string secret;
    for (int i = 0; i < 1000; ++i) {
        secret += std::to_string(i * 7919 % 1000);
    }

    CHECK(masked_line(secret, {secret}) == "[redacted]");
    CHECK(masked_line(to_base64(secret), {secret}).size() <= std::string{"[redacted]"}.size() + 4);
    CHECK(masked_line("<" + secret.substr(0, 200) + ">", {secret}).size() < 30 + 64);
}

TEST_CASE("the streams of a command are masked each by itself and keep their lines")
{
    const PatternSet patterns = patterns_of({"secret-value"});
    testing::RecordingLines lines;
    MaskingSink sink{patterns, lines};

    sink.line(OutputStream::out, "it is secret-");
    sink.line(OutputStream::err, "a warning");
    sink.line(OutputStream::out, "value, see");
    sink.line(OutputStream::out, "ends with sec");
    CHECK(lines.err() == std::vector<std::string>{"a warning"});
    CHECK(lines.out() == std::vector<std::string>{"it is [redacted]", "[redacted], see"});
    sink.finish();

    CHECK(lines.out().size() == 3);
    CHECK(lines.out().back() == "ends with sec");
}

}  // namespace
}  // namespace libra
