#include "shared/wire/json.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <limits>

namespace libra::testing {

using namespace std::string_literals;

namespace {

bool readable(const std::string& text)
{
    return JsonDocument::parse(text).has_value();
}

std::string repeated(const std::string& text, std::size_t times)
{
    std::string all;
    all.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

}  // namespace

TEST_CASE("text that RFC 8259 allows is read")
{
    const auto text = GENERATE(
        as<std::string>{},
        "null",
        " true ",
        "\t\r\n{}",
        "[]",
        "\"\"",
        "0",
        "-0",
        "-12.5e-3",
        "1E+2",
        "1e308",
        "18446744073709551615",
        "123456789012345678901234567890",
        "0.1234567890123456789012345678901234567890",
        R"("\"\\\/\b\f\n\r\t\u00fc")",
        R"("\ud83d\ude00")",
        "\"\xF0\x9F\x98\x80 \xC3\xBC \xE2\x82\xAC\"",
        "\"\xED\x9F\xBF \xEE\x80\x80 \xF4\x8F\xBF\xBF\"",
        "\"\x7F\"",
        R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})",
        R"({"":1})",
        "{\"a\":1,\"A\":2}",
        "[" + repeated("1,", 1000) + "1]",
        repeated("[", 32) + repeated("]", 32),
        "\"" + std::string(100'000, 'x') + "\""
    );
    const auto document = JsonDocument::parse(text);
    INFO(text.substr(0, 60) << ": " << (document ? "" : document.error().detail));

    CHECK(document.has_value());
}

TEST_CASE("text that RFC 8259 forbids is refused")
{
    const auto text = GENERATE(
        as<std::string>{},
        "",
        "   ",
        "{",
        "}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "-",
        "0x1",
        "NaN",
        "Infinity",
        "-Infinity",
        "nul",
        "nullx",
        "True",
        "\"a",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "// note\n1",
        "/* note */ 1",
        "[1] [2]",
        "{} x",
        "{}]",
        "\xEF\xBB\xBF{}",
        "undefined",
        "1,2"
    );
    CAPTURE(text);

    const auto document = JsonDocument::parse(text);

    REQUIRE_FALSE(document.has_value());
    CHECK(document.error().code == Errc::invalid_input);
    CHECK(document.error().detail.starts_with("not readable as JSON at byte "));
}

TEST_CASE("text that is not UTF-8 is refused")
{
    const auto bytes = GENERATE(
        as<std::string>{},
        "\x80",
        "\xFF",
        "\xC3",
        "\xC3(",
        "\xC0\xAF",          // overlong slash
        "\xE0\x80\xAF",      // overlong slash
        "\xF0\x80\x80\xAF",  // overlong slash
        "\xC1\xBF",
        "\xE2\x82",
        "\xF0\x9F\x98",
        "\xED\xA0\x80",  // surrogate
        "\xED\xBF\xBF",  // surrogate
        "\xF4\x90\x80\x80",
        "\xF8\x88\x80\x80\x80"
    );
    CAPTURE(bytes.size());

    CHECK_FALSE(readable("\"" + bytes + "\""));
    CHECK_FALSE(readable("{\"" + bytes + "\":1}"));
    CHECK_FALSE(readable(bytes));
    CHECK_FALSE(readable("\"" + bytes));  // the text ends within the sequence
}

TEST_CASE("half a surrogate pair is refused")
{
    const auto text = GENERATE(
        as<std::string>{},
        R"("\ud800")",
        R"("\ud800x")",
        R"("\ud800\u0041")",
        R"("\ud800\ud800")",
        R"("\udc00")",
        R"("x\udfffy")",
        R"({"\udc00":1})"
    );
    CAPTURE(text);

    CHECK_FALSE(readable(text));
}

TEST_CASE("a NUL is refused, escaped or not")
{
    CHECK_FALSE(readable(R"("a\u0000b")"));
    CHECK_FALSE(readable(R"({"a\u0000":1})"));
    CHECK_FALSE(readable("\"a\0b\""s));
    CHECK_FALSE(readable("{}\0"s));
    CHECK_FALSE(readable("{}\0{}"s));
    CHECK_FALSE(readable("\0"s));
}

TEST_CASE("the same key twice in one object is refused")
{
    CHECK_FALSE(readable(R"({"a":1,"a":1})"));
    CHECK_FALSE(readable(R"({"a":1,"b":2,"\u0061":3})"));
    CHECK_FALSE(readable(R"([{"x":{"a":1,"b":{"a":2},"a":3}}])"));
    CHECK(readable(R"([{"a":1},{"a":2}])"));
}

TEST_CASE("deep nesting is refused without harm")
{
    CHECK_FALSE(readable(repeated("[", 33) + repeated("]", 33)));
    CHECK_FALSE(readable(repeated("[", 1'000'000)));
    CHECK_FALSE(readable(repeated("{\"a\":", 1'000'000)));
    CHECK_FALSE(readable(repeated("[", 1'000'000) + repeated("]", 1'000'000)));
}

TEST_CASE("more values than a million are refused")
{
    CHECK_FALSE(readable("[" + repeated("0,", 1'000'000) + "0]"));
}

TEST_CASE("numbers out of range are refused, not misread")
{
    CHECK_FALSE(readable("1e999"));
    CHECK_FALSE(readable("-1e999"));
    CHECK_FALSE(readable("1" + std::string(10'000, '0')));
    CHECK(readable("1e-999"));
    CHECK(readable("0." + std::string(100'000, '1')));
    CHECK(readable("1e-99999999999999999999"));
}

TEST_CASE("a long fraction that begins with zeros is read, and ends nothing")
{
    for (const std::size_t zeros : {10U, 300U, 323U, 324U, 350U, 400U, 780U, 1000U, 100'000U}) {
        const std::string number = "0." + std::string(zeros, '0') + "1";
        CAPTURE(zeros);
        for (const std::string& text :
             {number,
              "-" + number,
              number + "e5",
              number + "e-300",
              number + std::string(900, '7')}) {
            CHECK(readable(text));
        }
        CHECK(readable("[" + number + "e" + std::to_string(zeros) + "]"));
    }
}

TEST_CASE("a number is the double that is nearest to it, or the whole number it is")
{
    const auto value = [](const std::string& text) {
        const JsonDocument document = JsonDocument::parse(text).value();
        return document.root().GetDouble();
    };

    CHECK(value("0.1") == 0.1);
    CHECK(value("-12.5e-3") == -0.0125);
    CHECK(value("1e-400") == 0.0);
    CHECK(value("5e-324") == std::numeric_limits<double>::denorm_min());
    CHECK(value("1.7976931348623157e308") == std::numeric_limits<double>::max());
    CHECK(value("2.2250738585072011e-308") == 2.2250738585072011e-308);
    CHECK(value("0." + std::string(400, '0') + "1e401") == 1.0);
    CHECK(value("123456789012345678901234567890") == 123456789012345678901234567890.0);
    CHECK(JsonDocument::parse("18446744073709551615").value().root().GetUint64() == UINT64_MAX);
    CHECK(JsonDocument::parse("-9223372036854775808").value().root().GetInt64() == INT64_MIN);
    CHECK(JsonDocument::parse("7").value().root().IsInt());
    CHECK(JsonDocument::parse("-0").value().root().GetInt() == 0);
    CHECK_FALSE(JsonDocument::parse("7.0").value().root().IsInt());
    CHECK(JsonDocument::parse(" [1,-2 , 3.5e1]").value().root()[1].GetInt() == -2);
}

TEST_CASE("a value misused is an exception and not the end of the process")
{
    const JsonDocument document = JsonDocument::parse("[1]").value();

    CHECK_THROWS_AS(document.root()["a"], std::logic_error);
    CHECK_THROWS_AS(document.root()[0].GetString(), std::logic_error);
}

TEST_CASE("a document can be moved")
{
    JsonDocument first = JsonDocument::parse(R"("ab")").value();

    const JsonDocument second = std::move(first);

    CHECK(text_of(second.root()) == "ab");
}

}  // namespace libra::testing
