#include "shared/wire/account_requests.hpp"
#include "shared/wire/deploy_request.hpp"
#include "shared/wire/letter_requests.hpp"
#include "shared/wire/queue_message.hpp"
#include "shared/wire/rollback_request.hpp"
#include "shared/wire/source_manifest.hpp"
#include "shared/wire/upload_bodies.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace libra::testing {

namespace {

namespace fs = std::filesystem;

using Pointers = std::vector<std::string>;

std::string content_of(const fs::path& path)
{
    std::ifstream file{path, std::ios::binary};
    REQUIRE(file);
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<fs::path> golden_files(const char* kind, const char* schema)
{
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator{fs::path{LIBRA_EXAMPLES} / kind / schema}) {
        if (entry.path().extension() == ".json") {
            found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    REQUIRE_FALSE(found.empty());
    return found;
}

Pointers expected_pointers(fs::path path)
{
    std::ifstream file{path.replace_extension(".pointers")};
    REQUIRE(file);
    Pointers pointers;
    for (std::string line; std::getline(file, line);) {
        pointers.push_back(line);
    }
    return pointers;
}

Pointers pointers_of(const Problems& problems)
{
    Pointers pointers;
    for (const Problem& problem : problems) {
        CAPTURE(problem.pointer, problem.reason);
        CHECK_FALSE(problem.reason.empty());
        pointers.push_back(problem.pointer);
    }
    return pointers;
}

/// From `pointer reason; pointer reason`, where the whole document has its name for a pointer.
Pointers pointers_of(std::string_view detail)
{
    Pointers pointers;
    while (!detail.empty()) {
        const std::size_t end = detail.find("; ");
        pointers.emplace_back(
            detail.front() == '/' ? detail.substr(0, detail.find(' ')) : std::string_view{}
        );
        detail = end == std::string_view::npos ? std::string_view{} : detail.substr(end + 2);
    }
    return pointers;
}

template <class Decode>
void check_decoder(const char* schema, Decode decode)
{
    for (const fs::path& path : golden_files("valid", schema)) {
        const auto decoded = decode(content_of(path));
        INFO(path.string() << ": " << (decoded ? "" : decoded.error().detail));
        CHECK(decoded.has_value());
    }
    for (const fs::path& path : golden_files("invalid", schema)) {
        const auto decoded = decode(content_of(path));
        INFO(path.string() << ": " << (decoded ? "" : decoded.error().detail));
        REQUIRE_FALSE(decoded.has_value());
        CHECK(decoded.error().code == Errc::invalid_input);
        CHECK(pointers_of(decoded.error().detail) == expected_pointers(path));
    }
}

/// `parse` gives a variant of a `Request`, Problems and Unreadable.
template <class Request, class Parse>
void check_parser(const char* schema, Parse parse)
{
    for (const fs::path& path : golden_files("valid", schema)) {
        INFO(path.string());
        CHECK(std::holds_alternative<Request>(parse(content_of(path))));
    }
    for (const fs::path& path : golden_files("invalid", schema)) {
        const auto parsed = parse(content_of(path));
        INFO(path.string());
        REQUIRE(std::holds_alternative<Problems>(parsed));
        CHECK(pointers_of(std::get<Problems>(parsed)) == expected_pointers(path));
    }
}

}  // namespace

TEST_CASE("deploy requests are accepted and refused as the golden files say")
{
    check_parser<DeploymentParams>("deploy-request", [](std::string_view body) {
        return parse_deploy_request(body, {});
    });
}

TEST_CASE("queue messages are accepted and refused as the golden files say")
{
    check_decoder("queue-message", decode_queue_message);
}

TEST_CASE("source manifests are accepted and refused as the golden files say")
{
    check_decoder("source-manifest", decode_manifest);
}

TEST_CASE("file edits are accepted and refused as the golden files say")
{
    check_decoder("diff-message", decode_edits);
}

TEST_CASE("what to do with dead letters is accepted and refused as the golden files say")
{
    check_parser<RedriveRequest>("redrive-request", parse_redrive_request);
    check_parser<DiscardRequest>("discard-request", parse_discard_request);
}

TEST_CASE("questions for missing files are accepted and refused as the golden files say")
{
    check_parser<MissingFilesRequest>("missing-files-request", [](std::string_view body) {
        return parse_missing_files_request(body, 5000);
    });
}

TEST_CASE("wishes for credentials are accepted and refused as the golden files say")
{
    check_parser<NewTokenRequest>("new-token-request", parse_new_token_request);
    check_parser<NewSessionRequest>("new-session-request", parse_new_session_request);
}

TEST_CASE("what to go back to is accepted and refused as the golden files say")
{
    check_parser<RollbackRequest>("rollback-request", parse_rollback_request);
}

TEST_CASE("what comes in as a request goes out as a queue message that decodes to the same")
{
    for (const fs::path& path : golden_files("valid", "deploy-request")) {
        const auto params = std::get<DeploymentParams>(parse_deploy_request(content_of(path), {}));

        const auto decoded = decode_queue_message(encode_queue_message(
            {.deployment_id = "d", .params = params, .timestamp = "2025-07-22T10:30:00.000Z"}
        ));

        INFO(path.string() << ": " << (decoded ? "" : decoded.error().detail));
        REQUIRE(decoded.has_value());
        CHECK(decoded->params == params);
    }
}

}  // namespace libra::testing
