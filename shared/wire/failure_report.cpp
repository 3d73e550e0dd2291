#include "shared/wire/failure_report.hpp"

#include "shared/wire/json_writer.hpp"
#include "shared/wire/optional_members.hpp"

#include <algorithm>
#include <string_view>

namespace libra {

namespace {

void write_text(JsonWriter& json, std::string_view key, std::string text)
{
    if (!text.empty()) {
        std::replace(text.begin(), text.end(), '\0', ' ');
        json.key(key).text(text);
    }
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts)
{
    json.key(key).begin_array();
    for (std::string text : texts) {
        std::replace(text.begin(), text.end(), '\0', ' ');
        json.text(text);
    }
    json.end_array();
}

void write_limit(JsonWriter& json, const LimitHit& hit)
{
    struct Names {
        std::string_view limit;
        std::string_view reached;
    };

    const Names names = hit.resource == "time"        ? Names{"limitMs", "reachedMs"}
                        : hit.resource == "processes" ? Names{"limitProcesses", "peakProcesses"}
                        : hit.resource == "files"     ? Names{"limitFiles", "peakFiles"}
                                                      : Names{"limitBytes", "peakBytes"};
    json.key("limit").begin_object().key("resource").text(hit.resource);
    json.key(names.limit).number(hit.limit);
    write_optional(json, names.reached, hit.reached);
    json.end_object();
}

void write_names(JsonWriter& json, std::string_view key, const NameList& names)
{
    json.key(key).begin_object().key("count").number(names.count);
    write_texts(json, "first", names.first);
    json.end_object();
}

void write_name_changes(
    JsonWriter& json,
    std::string_view key,
    const std::optional<NameChanges>& changes
)
{
    if (changes) {
        json.key(key).begin_object();
        write_names(json, "added", changes->added);
        write_names(json, "changed", changes->changed);
        write_names(json, "removed", changes->removed);
        json.end_object();
    }
}

void write_versions(
    JsonWriter& json,
    std::string_view key,
    const std::vector<VersionChange>& versions
)
{
    json.key(key).begin_array();
    for (const VersionChange& version : versions) {
        json.begin_object();
        write_text(json, "name", version.name);
        write_text(json, "from", version.from);
        write_text(json, "to", version.to);
        json.end_object();
    }
    json.end_array();
}

void write_changes(JsonWriter& json, const ReleaseChanges& changes)
{
    json.key("changes").begin_object();
    json.key("sinceDeploymentId").text(changes.deployment_id);
    json.key("since").text(to_rfc3339(changes.finished_at));
    write_name_changes(json, "files", changes.files);
    if (changes.packages) {
        json.key("packages").begin_object();
        json.key("added").number(changes.packages->added);
        json.key("changed").number(changes.packages->changed);
        json.key("removed").number(changes.packages->removed);
        write_versions(json, "first", changes.packages->first);
        json.end_object();
    }
    write_name_changes(json, "environment", changes.environment);
    if (changes.toolchain) {
        write_versions(json, "toolchain", *changes.toolchain);
    }
    json.end_object();
}

}  // namespace

std::string encode_failure_report(const FailureReport& report)
{
    JsonWriter json;
    json.begin_object();
    write_text(json, "phase", report.phase);
    write_text(json, "summary", report.summary);
    write_text(json, "command", report.command);
    if (report.exit_code) {
        json.key("exitCode").number(*report.exit_code);
    }
    write_texts(json, "firstErrors", report.first_errors);
    write_text(json, "cause", report.cause);
    write_text(json, "likelyCause", report.likely_cause);
    write_text(json, "fix", report.fix);
    if (report.limit) {
        write_limit(json, *report.limit);
    }
    if (report.changes) {
        write_changes(json, *report.changes);
    }
    json.end_object();
    return json.take();
}

}  // namespace libra
