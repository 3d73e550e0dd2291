#include "shared/wire/params.hpp"

#include "shared/domain/rules.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <map>

namespace libra {

namespace {

std::string string_of(const JsonValue& object, std::string_view name)
{
    return std::string{text_of(*locate(object, name).value)};
}

Content read_content(const JsonValue& object, Digests digests)
{
    if (const JsonValue* text = locate(object, "content").value) {
        return std::string{text_of(*text)};
    }
    const Digest digest = Digest::parse(text_of(*locate(object, "sha256").value)).value();
    if (digests == Digests::of_uploads) {
        return Upload{digest};
    }
    return BlobRef{.digest = digest, .bytes = locate(object, "bytes").value->GetUint64()};
}

void write_content(JsonWriter& json, const Content& content)
{
    if (const auto* text = std::get_if<std::string>(&content)) {
        json.key("content").text(*text);
        return;
    }
    if (const auto* upload = std::get_if<Upload>(&content)) {
        json.key("sha256").text(upload->digest.hex());
        return;
    }
    const auto& blob = std::get<BlobRef>(content);
    json.key("sha256").text(blob.digest.hex());
    json.key("bytes").number(static_cast<std::int64_t>(blob.bytes));
}

/// The paths seen so far, by their folded form.
class SeenPaths {
public:
    /// @return the reason why `path` may not come again.
    std::optional<std::string> add(std::string_view path, std::size_t index)
    {
        const auto [first, is_new] =
            first_.try_emplace(path_fold(path), Seen{.path = path, .index = index});
        if (is_new) {
            return std::nullopt;
        }
        return fmt::format(
            "{} that of /initFiles/{}",
            first->second.path == path ? "is the same as"
                                       : "differs only in letter case or Unicode form from",
            first->second.index
        );
    }

    /// @return the reason why `path` cannot be a file.
    std::optional<std::string> below(std::string_view path) const
    {
        const std::string directory = path_fold(path) + '/';
        const auto next = first_.lower_bound(directory);
        if (next == first_.end() || !next->first.starts_with(directory)) {
            return std::nullopt;
        }
        return fmt::format("is a file and, in /initFiles/{}, a directory", next->second.index);
    }

private:
    struct Seen {
        std::string_view path;
        std::size_t index;
    };

    std::map<std::string, Seen> first_;
};

}  // namespace

void check_paths(const JsonValue& params, const Place& place, Findings& findings)
{
    check_each_path(params, place, "initFiles", findings);
    SeenPaths seen;
    for_each_text(
        params,
        place,
        "initFiles",
        "path",
        [&](std::string_view path, std::size_t index, const Place& where) {
            if (auto problem = seen.add(path, index)) {
                findings.add(where, *std::move(problem));
            }
        }
    );
    for_each_text(
        params,
        place,
        "initFiles",
        "path",
        [&](std::string_view path, std::size_t /*index*/, const Place& where) {
            if (auto problem = seen.below(path)) {
                findings.add(where, *std::move(problem));
            }
        }
    );
}

DeploymentParams read_params(const JsonValue& params, Digests digests)
{
    DeploymentParams read{
        .project_id = string_of(params, "projectId"),
        .org_id = string_of(params, "orgId"),
        .user_id = string_of(params, "userId"),
    };
    if (const JsonValue* domain = locate(params, "customDomain").value) {
        read.custom_domain = std::string{text_of(*domain)};
    }
    if (const JsonValue* choice = locate(params, "onConflict").value) {
        read.on_conflict = parse_on_conflict(text_of(*choice)).value();
    }
    if (const JsonValue* replace = locate(params, "replaceFiles").value) {
        read.replace_files = replace->GetBool();
    }
    if (const JsonValue* use_cache = locate(params, "useCache").value) {
        read.use_cache = use_cache->GetBool();
    }
    if (const JsonValue* files = locate(params, "initFiles").value) {
        read.init_files.reserve(files->Size());
        for (const JsonValue& file : files->GetArray()) {
            read.init_files.push_back({string_of(file, "path"), read_content(file, digests)});
        }
    }
    if (const JsonValue* messages = locate(params, "historyMessages").value) {
        read.history.reserve(messages->Size());
        for (const JsonValue& message : messages->GetArray()) {
            const bool by_user = text_of(*locate(message, "role").value) == "user";
            read.history.push_back(
                {by_user ? Role::user : Role::assistant, read_content(message, digests)}
            );
        }
    }
    return read;
}

void write_params(JsonWriter& json, const DeploymentParams& params)
{
    json.begin_object();
    json.key("projectId").text(params.project_id);
    json.key("orgId").text(params.org_id);
    json.key("userId").text(params.user_id);
    if (params.custom_domain) {
        json.key("customDomain").text(*params.custom_domain);
    }
    if (params.on_conflict != OnConflict::reject) {
        json.key("onConflict").text(to_string(params.on_conflict));
    }
    if (params.replace_files) {
        json.key("replaceFiles").boolean(true);
    }
    if (!params.use_cache) {
        json.key("useCache").boolean(false);
    }
    json.key("initFiles").begin_array();
    for (const SourceFile& file : params.init_files) {
        json.begin_object().key("path").text(file.path);
        write_content(json, file.content);
        json.end_object();
    }
    json.end_array().key("historyMessages").begin_array();
    for (const HistoryMessage& message : params.history) {
        json.begin_object();
        json.key("role").text(message.role == Role::user ? "user" : "assistant");
        write_content(json, message.content);
        json.end_object();
    }
    json.end_array().end_object();
}

}  // namespace libra
