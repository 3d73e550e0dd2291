#include "shared/wire/source_manifest.hpp"

#include "shared/wire/json_writer.hpp"
#include "shared/wire/schemas.hpp"
#include "shared/wire/text_members.hpp"

namespace libra {

namespace {

bool is_diff(const JsonValue& root)
{
    const FoundMember type = locate(root, "type");
    return type.value != nullptr && type.value->IsString() && text_of(*type.value) == "diff";
}

FileEdit read_edit(const JsonValue& entry)
{
    const std::string_view type = text_of(entry["type"]);
    FileEdit edit{.path = std::string{text_of(entry["path"])}};
    if (type == "delete") {
        edit.kind = FileEdit::Kind::remove;
        return edit;
    }
    edit.kind = type == "create" ? FileEdit::Kind::create : FileEdit::Kind::edit;
    edit.modified = text_of(entry["modified"]);
    return edit;
}

}  // namespace

std::string encode_manifest(const SourceManifest& manifest)
{
    JsonWriter json;
    json.begin_object().key("version").number(1).key("files").begin_array();
    for (const auto& [path, blob] : manifest) {
        json.begin_object().key("path").text(path).key("sha256").text(blob.digest.hex());
        json.key("bytes").number(static_cast<std::int64_t>(blob.bytes)).end_object();
    }
    json.end_array().end_object();
    return json.take();
}

Result<SourceManifest> decode_manifest(std::string_view json)
{
    const Result<JsonDocument> document = JsonDocument::parse(json);
    if (!document) {
        return document.error();
    }
    Findings findings;
    source_manifest_schema().check(document->root(), Place{}, findings);
    check_each_path(document->root(), Place{}, "files", findings);
    if (!findings.empty()) {
        return Error{Errc::invalid_input, std::move(findings).text()};
    }
    SourceManifest manifest;
    for (const JsonValue& file : document->root()["files"].GetArray()) {
        const BlobRef blob{
            .digest = Digest::parse(text_of(file["sha256"])).value(),
            .bytes = file["bytes"].GetUint64(),
        };
        if (!manifest.emplace(text_of(file["path"]), blob).second) {
            return Error{Errc::invalid_input, "a path comes twice"};
        }
    }
    return manifest;
}

Result<std::optional<std::vector<FileEdit>>> decode_edits(std::string_view content)
{
    using Edits = std::optional<std::vector<FileEdit>>;
    const std::size_t first = content.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || content[first] != '{') {
        return Edits{};
    }
    const Result<JsonDocument> document = JsonDocument::parse(content);
    if (!document || !is_diff(document->root())) {
        return Edits{};
    }
    Findings findings;
    diff_message_schema().check(document->root(), Place{}, findings);
    check_each_path(document->root(), Place{}, "diff", findings);
    if (!findings.empty()) {
        return Error{Errc::invalid_input, std::move(findings).text()};
    }
    Edits edits{std::in_place};
    for (const JsonValue& entry : document->root()["diff"].GetArray()) {
        edits->push_back(read_edit(entry));
    }
    return edits;
}

}  // namespace libra
