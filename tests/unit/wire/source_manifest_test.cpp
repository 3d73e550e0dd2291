#include "shared/wire/source_manifest.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace libra::testing {

TEST_CASE("a manifest is sorted by path and comes back equal")
{
    const SourceManifest manifest{
        {"b/c.txt", {.digest = sha256("2"), .bytes = 1}},
        {"a.txt", {.digest = sha256("1"), .bytes = 1}},
    };

    const std::string json = encode_manifest(manifest);

    CHECK(
        json == R"({"version":1,"files":[{"path":"a.txt","sha256":")" + sha256("1").hex() +
                    R"(","bytes":1},{"path":"b/c.txt","sha256":")" + sha256("2").hex() +
                    R"(","bytes":1}]})"
    );
    CHECK(decode_manifest(json).value() == manifest);
    CHECK(decode_manifest(encode_manifest({})).value().empty());
}

TEST_CASE("what is not a manifest is refused")
{
    const std::string entry = R"({"path":"a","sha256":")" + sha256("1").hex() + R"(","bytes":1})";
    for (const std::string& json :
         {std::string{},
          std::string{"[]"},
          std::string{R"({"version":1})"},
          std::string{R"({"version":2,"files":[]})"},
          fmt::format(R"({{"version":1,"files":[{0},{0}]}})", entry)}) {
        CAPTURE(json);
        const auto manifest = decode_manifest(json);
        REQUIRE_FALSE(manifest.has_value());
        CHECK(manifest.error().code == Errc::invalid_input);
    }
}

TEST_CASE("plain text and other JSON carry no edits")
{
    for (const std::string_view content :
         {"",
          "Make the title blue",
          "{ not JSON",
          "[]",
          "42",
          "{}",
          R"({"type":"plan","diff":[]})",
          R"({"type":["diff"]})",
          R"([{"type":"diff","diff":[]}])",
          R"({"type":"diff","diff":[]} and more)"}) {
        CAPTURE(content);
        const auto edits = decode_edits(content);
        REQUIRE(edits.has_value());
        CHECK_FALSE(edits->has_value());
    }
}

TEST_CASE("edits come in the order of the message")
{
    const auto edits = decode_edits(
        R"( {"type":"diff","diff":[{"path":"a","type":"create","modified":"1"},)"
        R"({"path":"a","type":"edit","original":"1","modified":"2"},{"path":"b","type":"delete"}]})"
    );

    REQUIRE(edits.has_value());
    REQUIRE(edits->has_value());
    const std::vector<FileEdit>& list = **edits;
    REQUIRE(list.size() == 3);
    CHECK(list[0].kind == FileEdit::Kind::create);
    CHECK(list[0].modified == "1");
    CHECK(list[1].kind == FileEdit::Kind::edit);
    CHECK(list[1].modified == "2");
    CHECK(list[2].kind == FileEdit::Kind::remove);
    CHECK(list[2].path == "b");
}

TEST_CASE("one bad entry spoils the whole message, with a reason for the user")
{
    const auto edits = decode_edits(
        R"({"type":"diff","diff":[{"path":"a","type":"delete"},{"path":"../x","type":"move"}]})"
    );

    REQUIRE_FALSE(edits.has_value());
    CHECK(edits.error().code == Errc::invalid_input);
    CHECK(
        edits.error().detail == "/diff/1/path has a '.' or '..' segment: it must be normalized; "
                                "/diff/1/type must be one of create, edit, delete"
    );
}

}  // namespace libra::testing
