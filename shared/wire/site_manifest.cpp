#include "shared/wire/site_manifest.hpp"

#include "shared/wire/json_writer.hpp"
#include "shared/wire/schemas.hpp"
#include "shared/wire/text_members.hpp"

namespace libra {

void write_site_file(JsonWriter& json, const SiteManifestFile& file)
{
    json.begin_object().key("path").text(file.path);
    json.key("bytes").number(static_cast<std::int64_t>(file.bytes));
    json.key("contentType").text(file.content_type);
    json.key("sha256").text(file.digest.hex()).end_object();
}

std::string encode_site_manifest(const SiteManifest& manifest)
{
    JsonWriter json;
    json.begin_object().key("version").number(1).key("files").begin_array();
    for (const SiteManifestFile& file : manifest) {
        write_site_file(json, file);
    }
    json.end_array().end_object();
    return json.take();
}

Result<SiteManifest> decode_site_manifest(std::string_view json)
{
    const Result<JsonDocument> document = JsonDocument::parse(json);
    if (!document) {
        return document.error();
    }
    Findings findings;
    site_manifest_schema().check(document->root(), Place{}, findings);
    if (!findings.empty()) {
        return Error{Errc::invalid_input, std::move(findings).text()};
    }
    SiteManifest manifest;
    for (const JsonValue& file : document->root()["files"].GetArray()) {
        manifest.push_back(
            {.path = std::string{text_of(file["path"])},
             .bytes = file["bytes"].GetUint64(),
             .content_type = std::string{text_of(file["contentType"])},
             .digest = Digest::parse(text_of(file["sha256"])).value()}
        );
    }
    return manifest;
}

}  // namespace libra
