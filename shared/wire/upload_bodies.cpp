#include "shared/wire/upload_bodies.hpp"

#include "shared/wire/json_writer.hpp"
#include "shared/wire/schemas.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

std::variant<MissingFilesRequest, Problems, Unreadable>
parse_missing_files_request(std::string_view body, std::size_t most_files)
{
    const Result<JsonDocument> document = JsonDocument::parse(body);
    if (!document) {
        return Unreadable{document.error().detail};
    }
    const JsonValue& root = document->root();
    Findings findings;
    missing_files_request_schema().check(root, Place{}, findings);
    const FoundMember list = locate(root, "sha256");
    if (list.value != nullptr && list.value->IsArray() && list.value->Size() > most_files) {
        const Place whole;
        findings.add(
            whole.member("sha256", list.position),
            fmt::format("must have at most {} items", most_files)
        );
    }
    if (!findings.empty()) {
        return std::move(findings).sorted();
    }
    MissingFilesRequest request{.org_id = std::string{text_of(root["orgId"])}};
    request.digests.reserve(list.value->Size());
    for (const JsonValue& digest : list.value->GetArray()) {
        request.digests.push_back(Digest::parse(text_of(digest)).value());
    }
    return request;
}

std::string encode_missing_files(const std::vector<Digest>& missing, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("missing").begin_array();
    for (const Digest& digest : missing) {
        json.text(digest.hex());
    }
    json.end_array().key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

std::string encode_uploaded_file(const Digest& digest, std::uint64_t size, UtcTime timestamp)
{
    JsonWriter json;
    json.begin_object().key("success").boolean(true).key("sha256").text(digest.hex());
    json.key("size").number(static_cast<std::int64_t>(size));
    json.key("timestamp").text(to_rfc3339(timestamp)).end_object();
    return json.take();
}

std::string
encode_missing_uploads(const std::vector<SourceFile>& files, const std::set<Digest>& missing)
{
    JsonWriter json;
    json.begin_array();
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto* const upload = std::get_if<Upload>(&files[i].content);
        if (upload != nullptr && missing.contains(upload->digest)) {
            json.begin_object().key("pointer").text(fmt::format("/initFiles/{}/sha256", i));
            json.key("reason").text("has not been uploaded by this organisation");
            json.key("sha256").text(upload->digest.hex()).end_object();
        }
    }
    json.end_array();
    return json.take();
}

}  // namespace libra
