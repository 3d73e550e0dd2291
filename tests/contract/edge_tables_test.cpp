#include "shared/wire/deploy_request.hpp"
#include "shared/wire/json.hpp"
#include "shared/wire/json_writer.hpp"
#include "table.hpp"

#include <catch2/catch.hpp>

#include <charconv>
#include <set>
#include <string>
#include <vector>

namespace libra::testing {

namespace {

std::string bytes_of_hex(std::string_view hex)
{
    std::string bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
        unsigned byte = 0;
        std::from_chars(hex.data() + at, hex.data() + at + 2, byte, 16);
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

std::string put_together(const JsonValue& pieces)
{
    std::string text;
    for (rapidjson::SizeType i = 0; i + 1 < pieces.Size(); i += 2) {
        for (unsigned times = pieces[i + 1].GetUint(); times > 0; --times) {
            text += text_of(pieces[i]);
        }
    }
    return text;
}

/// What a group lists under `texts`, as hex and in pieces.
std::vector<std::string> members_of(const JsonValue& group, const char* texts)
{
    std::vector<std::string> all;
    if (group.HasMember(texts)) {
        for (const JsonValue& text : group[texts].GetArray()) {
            all.emplace_back(text_of(text));
        }
    }
    if (group.HasMember("hex")) {
        for (const JsonValue& hex : group["hex"].GetArray()) {
            all.push_back(bytes_of_hex(text_of(hex)));
        }
    }
    if (group.HasMember("repeated")) {
        for (const JsonValue& pieces : group["repeated"].GetArray()) {
            all.push_back(put_together(pieces));
        }
    }
    REQUIRE_FALSE(all.empty());
    return all;
}

std::string request_with(const std::vector<std::string>& paths)
{
    JsonWriter json;
    json.begin_object().key("projectId").text("p").key("orgId").text("o").key("userId").text("u");
    json.key("initFiles").begin_array();
    for (const std::string& path : paths) {
        json.begin_object().key("path").text(path).key("content").text("").end_object();
    }
    json.end_array().end_object();
    return json.take();
}

/// The pointers at what is wrong with a request of these files.
std::set<std::string> refused(const std::vector<std::string>& paths)
{
    const ParsedRequest parsed = parse_deploy_request(request_with(paths), {});
    REQUIRE_FALSE(std::holds_alternative<Unreadable>(parsed));
    std::set<std::string> pointers;
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        for (const Problem& problem : *problems) {
            pointers.insert(problem.pointer);
        }
    }
    return pointers;
}

}  // namespace

TEST_CASE("a body is readable or refused as the table of JSON bodies says")
{
    const JsonDocument bodies = table("json-bodies.json");

    for (const JsonValue& group : bodies.root()["groups"].GetArray()) {
        const bool expected = text_of(group["verdict"]) == "readable";
        for (const std::string& body : members_of(group, "bodies")) {
            INFO(text_of(group["rule"]) << ": " << body.substr(0, 60));
            CHECK(JsonDocument::parse(body).has_value() == expected);
            CHECK(std::holds_alternative<Unreadable>(parse_deploy_request(body, {})) == !expected);
        }
    }
}

TEST_CASE("whatever stands in a request, what cannot be read makes the whole of it unreadable")
{
    const JsonDocument bodies = table("json-bodies.json");

    for (const JsonValue& group : bodies.root()["groups"].GetArray()) {
        if (text_of(group["verdict"]) == "readable") {
            continue;
        }
        for (const std::string& body : members_of(group, "bodies")) {
            INFO(text_of(group["rule"]) << ": " << body.substr(0, 60));
            CHECK_FALSE(JsonDocument::parse(R"({"projectId":)" + body + "}").has_value());
            CHECK_FALSE(JsonDocument::parse("[1," + body + ",2").has_value());
        }
    }
}

TEST_CASE("a path is good or bad as the table of paths says")
{
    const JsonDocument paths = table("paths.json");

    for (const JsonValue& group : paths.root()["groups"].GetArray()) {
        const bool good = text_of(group["verdict"]) == "good";
        for (const std::string& path : members_of(group, "paths")) {
            INFO(text_of(group["rule"]) << ": " << path.substr(0, 60));
            CHECK(refused({path}).empty() == good);
        }
    }
}

TEST_CASE("paths go together or not as the table of paths says")
{
    const JsonDocument paths = table("paths.json");

    for (const JsonValue& set : paths.root()["sets"].GetArray()) {
        std::set<std::string> expected;
        for (const JsonValue& index : set["refused"].GetArray()) {
            expected.insert("/initFiles/" + std::to_string(index.GetUint()) + "/path");
        }
        INFO(text_of(set["rule"]));
        CHECK(refused(members_of(set, "paths")) == expected);
    }
}

}  // namespace libra::testing
