#include "shared/wire/deploy_request.hpp"

#include "shared/wire/queue_message.hpp"

#include <catch2/catch.hpp>

#include <ostream>
#include <thread>

namespace libra {

std::ostream& operator<<(std::ostream& out, const Problem& problem);

std::ostream& operator<<(std::ostream& out, const Problem& problem)
{
    return out << problem.pointer << ' ' << problem.reason;
}

}  // namespace libra

namespace libra::testing {

namespace {

/// A request with the three ids and `rest`, which starts with a comma.
std::string request(const std::string& rest = {})
{
    return R"({"projectId":"p","orgId":"o","userId":"u")" + rest + "}";
}

Problems problems_of(const std::string& body, const RequestLimits& limits = {})
{
    ParsedRequest parsed = parse_deploy_request(body, limits);
    REQUIRE(std::holds_alternative<Problems>(parsed));
    return std::get<Problems>(std::move(parsed));
}

DeploymentParams params_of(const std::string& body, const RequestLimits& limits = {})
{
    ParsedRequest parsed = parse_deploy_request(body, limits);
    REQUIRE(std::holds_alternative<DeploymentParams>(parsed));
    return std::get<DeploymentParams>(std::move(parsed));
}

std::string file(const std::string& path, const std::string& content = "x")
{
    return R"({"path":")" + path + R"(","content":")" + content + R"("})";
}

}  // namespace

TEST_CASE("a request is read field by field")
{
    const DeploymentParams params = params_of(request(
        R"(,"customDomain":"Bücher.example","onConflict":"queue","initFiles":[{"content":"a\nü","path":"a.txt"}],)"
        R"("historyMessages":[{"role":"user","content":"hi"},{"role":"assistant","content":""}])"
    ));

    CHECK(
        params ==
        DeploymentParams{
            .project_id = "p",
            .org_id = "o",
            .user_id = "u",
            .custom_domain = "xn--bcher-kva.example",
            .init_files = {{"a.txt", std::string{"a\nü"}}},
            .history = {{Role::user, std::string{"hi"}}, {Role::assistant, std::string{}}},
            .on_conflict = OnConflict::queue,
        }
    );
}

TEST_CASE("a null where a field is optional means that it is absent")
{
    CHECK(
        params_of(request(
            R"(,"customDomain":null,"onConflict":null,"replaceFiles":null,"useCache":null,"initFiles":null,"historyMessages":null)"
        )) == params_of(request())
    );
}

TEST_CASE("reasons are short and say what is wanted")
{
    CHECK(
        problems_of(R"({"projectId":1,"orgId":"","customDomain":[],"initFiles":[{"path":"/x"}],)"
                    R"("historyMessages":[{"role":"system","content":"x"}]})") ==
        Problems{
            {"/projectId", "must be a string"},
            {"/orgId", "must not be empty"},
            {"/customDomain", "must be a string or null"},
            {"/initFiles/0/path", "is absolute: it must be relative"},
            {"/initFiles/0/content", "is required"},
            {"/historyMessages/0/role", "must be one of user, assistant"},
            {"/userId", "is required"},
        }
    );
}

TEST_CASE("there are three things to do about an active deployment")
{
    CHECK(params_of(request(R"(,"onConflict":"reject")")).on_conflict == OnConflict::reject);
    CHECK(params_of(request(R"(,"onConflict":"supersede")")).on_conflict == OnConflict::supersede);
    for (const char* const other : {R"("Queue")", R"("")", "true", "[\"queue\"]"}) {
        CHECK(
            problems_of(request(std::string{R"(,"onConflict":)"} + other)) ==
            Problems{{"/onConflict", "must be one of reject, supersede, queue, null"}}
        );
    }
}

TEST_CASE("an id with a line end is refused")
{
    CHECK(
        problems_of(R"({"projectId":"p\n","orgId":"o","userId":"u"})") ==
        Problems{{"/projectId", "must match ^[A-Za-z0-9._-]{1,128}$"}}
    );
}

TEST_CASE("two files may not have one path, nor paths that differ only in letter case")
{
    CHECK(
        problems_of(request(
            ",\"initFiles\":[" + file("a") + "," + file("b") + "," + file("a") + "," + file("B") +
            "]"
        )) ==
        Problems{
            {"/initFiles/2/path", "is the same as that of /initFiles/0"},
            {"/initFiles/3/path",
             "differs only in letter case or Unicode form from that of /initFiles/1"},
        }
    );
}

TEST_CASE("limits hold at their value and not beyond")
{
    RequestLimits limits{};
    limits.files = 2;
    limits.file_bytes = 3;
    limits.history_messages = 1;
    const std::string two = file("a", "abc") + "," + file("b", "ü1");
    const std::string message = R"({"role":"user","content":"long enough"})";

    params_of(
        request(",\"initFiles\":[" + two + "],\"historyMessages\":[" + message + "]"), limits
    );

    CHECK(
        problems_of(
            request(
                ",\"initFiles\":[" + two + "," + file("c", "üü") + "],\"historyMessages\":[" +
                message + "," + message + "]"
            ),
            limits
        ) ==
        Problems{
            {"/initFiles", "must have at most 2 items"},
            {"/initFiles/2/content", "must have at most 3 bytes"},
            {"/historyMessages", "must have at most 1 items"},
        }
    );
}

TEST_CASE("a custom domain may not lie below the platform's own")
{
    RequestLimits limits{};
    limits.platform_domain = "sites.libra.dev";
    const std::string body = request(R"(,"customDomain":"x.sites.libra.dev")");

    CHECK(
        problems_of(body, limits) ==
        Problems{{"/customDomain", "belongs to the platform's own domain"}}
    );
    params_of(body);
}

TEST_CASE("at most a hundred problems are named, the first ones of the document")
{
    std::string files;
    for (int i = 0; i < 3000; ++i) {
        files += (files.empty() ? "" : ",") + file("/" + std::to_string(i));
    }

    const Problems problems =
        problems_of(R"({"initFiles":[)" + files + R"(],"orgId":"","projectId":"p","userId":"u"})");

    REQUIRE(problems.size() == 100);
    CHECK(problems.front().pointer == "/initFiles/0/path");
    CHECK(problems.back().pointer == "/initFiles/99/path");
}

TEST_CASE("a pointer escapes what RFC 6901 says")
{
    const std::string body = request(R"(,"a/b~c":1)");

    params_of(body);  // an unknown field is ignored, whatever its name
}

TEST_CASE("a body that cannot be read is told apart from one that is wrong")
{
    for (const std::string body :
         {"", "{", "[1,", "{}{}", R"({"a":1,"a":2})", R"({"x":"\u0000"})", R"({"x":1e999})"}) {
        CAPTURE(body);
        const ParsedRequest parsed = parse_deploy_request(body, {});
        REQUIRE(std::holds_alternative<Unreadable>(parsed));
        CHECK_FALSE(std::get<Unreadable>(parsed).reason.empty());
    }
}

TEST_CASE("hostile values harm nothing")
{
    const std::string long_id(1'000'000, 'a');
    CHECK(
        problems_of(R"({"projectId":")" + long_id + R"(","orgId":"o","userId":"u"})") ==
        Problems{{"/projectId", "must have at most 128 characters"}}
    );
    CHECK(problems_of(request(",\"customDomain\":\"" + long_id + "\"")).size() == 1);
    CHECK(problems_of(request(",\"initFiles\":[" + file(long_id) + "]")).size() == 1);
    CHECK(problems_of("123456789012345678901234567890").size() == 1);
    CHECK(problems_of(R"({"projectId":123456789012345678901234567890})").size() == 3);
}

TEST_CASE("a body of many megabytes is read")
{
    const std::string content(12U << 20U, 'x');

    const DeploymentParams params =
        params_of(request(",\"initFiles\":[" + file("a", content) + "," + file("b", content) + "]")
        );

    CHECK(std::get<std::string>(params.init_files[1].content).size() == content.size());
}

TEST_CASE("requests are read by many threads at once")
{
    std::array<std::size_t, 4> found{};
    {
        std::vector<std::jthread> threads;
        threads.reserve(found.size());
        for (std::size_t& count : found) {
            threads.emplace_back([&count] {
                for (int i = 0; i < 100; ++i) {
                    const auto parsed =
                        parse_deploy_request(R"({"projectId":"a b","orgId":"","userId":1})", {});
                    count += std::get<Problems>(parsed).size();
                }
            });
        }
    }

    for (const std::size_t count : found) {
        CHECK(count == 300);
    }
}

TEST_CASE("a file may be a digest, and what the client says of its size is not believed")
{
    const Digest digest = sha256("x");
    const std::string hex = digest.hex();

    const DeploymentParams params = params_of(request(
        R"(,"initFiles":[{"path":"a","sha256":")" + hex + R"("},)" + R"({"path":"b","sha256":")" +
        hex + R"(","bytes":5},)" + R"({"path":"c","content":"text","sha256":")" + hex + R"("}])"
    ));

    CHECK(params.init_files.at(0).content == Content{Upload{digest}});
    CHECK(params.init_files.at(1).content == Content{Upload{digest}});
    CHECK(params.init_files.at(2).content == Content{"text"});
    CHECK(params.has_uploads());
    CHECK(encode_params(params).find(R"("sha256":")" + hex + R"("},)") != std::string::npos);
    CHECK(encode_params(params).find("bytes") == std::string::npos);
    CHECK_FALSE(params_of(request("")).has_uploads());
}

TEST_CASE("edits that cannot be applied are named where they stand")
{
    const std::string bad =
        R"({\"type\":\"diff\",\"diff\":[{\"path\":\"../x\",\"type\":\"edit\"}]})";
    const std::string messages = R"(,"historyMessages":[{"role":"user","content":")" + bad +
                                 R"("},{"role":"assistant","content":")" + bad + R"("}])";

    CHECK(
        problems_of(request(messages)) ==
        Problems{
            {"/historyMessages/1/content",
             "has edits that cannot be applied: /diff/0/path has a '.' or '..' segment: it must be "
             "normalized; /diff/0/modified is required"},
        }
    );
    CHECK(
        params_of(request(R"(,"historyMessages":[{"role":"assistant","content":"{\"a\":1}"}])"))
            .history.size() == 1
    );
}

TEST_CASE("a stored digest comes with its size")
{
    const std::string hex = sha256("x").hex();
    const std::string with_file = R"({"projectId":"p","orgId":"o","userId":"u","initFiles":[)"
                                  R"({"path":"a","sha256":")" +
                                  hex + '"';

    CHECK(
        decode_params(with_file + R"(,"bytes":5}]})").value().init_files.at(0).content ==
        Content{BlobRef{.digest = sha256("x"), .bytes = 5}}
    );
    CHECK(decode_params(with_file + "}]}").has_error());
}

TEST_CASE("stored params are written in a fixed order and read back equal")
{
    const DeploymentParams params{
        .project_id = "p",
        .org_id = "o",
        .user_id = "u",
        .custom_domain = "a.example",
        .init_files =
            {{"a", std::string{"\"\\\n\x01ü"}}, {"b", BlobRef{.digest = sha256("x"), .bytes = 1}}},
        .history = {{Role::assistant, BlobRef{.digest = sha256("y"), .bytes = 1U << 31U}}},
        .on_conflict = OnConflict::supersede,
        .use_cache = false,
        .replace_files = true,
    };

    const std::string json = encode_params(params);

    CHECK(
        json ==
        R"({"projectId":"p","orgId":"o","userId":"u","customDomain":"a.example",)"
        R"("onConflict":"supersede","replaceFiles":true,"useCache":false,"initFiles":[{"path":"a","content":"\"\\\n\u0001ü"},{"path":"b","sha256":")" +
            sha256("x").hex() +
            R"(","bytes":1}],"historyMessages":[{"role":"assistant","sha256":")" +
            sha256("y").hex() + R"(","bytes":2147483648}]})"
    );
    CHECK(decode_params(json).value() == params);
}

TEST_CASE("stored params that break the rules are refused with every reason")
{
    const auto params =
        decode_params(R"({"projectId":"","orgId":"o","initFiles":[{"path":"../x","content":""}]})");

    REQUIRE_FALSE(params.has_value());
    CHECK(params.error().code == Errc::invalid_input);
    CHECK(
        params.error().detail ==
        "/projectId must not be empty; /initFiles/0/path has a '.' or '..' segment: it must be "
        "normalized; /userId is required"
    );
}

}  // namespace libra::testing
