#include "shared/wire/build_settings.hpp"

#include "shared/domain/rules.hpp"
#include "shared/wire/json_writer.hpp"
#include "shared/wire/text_members.hpp"

#include <algorithm>
#include <array>

namespace libra {

namespace {

struct Member {
    std::string_view name{};
    std::optional<std::string> BuildSettings::*value{};
    bool is_path{};
};

constexpr std::array k_members{
    Member{"framework", &BuildSettings::framework},
    Member{"rootDirectory", &BuildSettings::root_directory, true},
    Member{"installCommand", &BuildSettings::install_command},
    Member{"buildCommand", &BuildSettings::build_command},
    Member{"outputDirectory", &BuildSettings::output_directory, true},
    Member{"nodeVersion", &BuildSettings::node_version},
};

/// `dist` of `./dist/`, as people write it. What is nothing else is left as it is.
std::string_view tidy(std::string_view path)
{
    std::string_view left = path;
    while (left.starts_with("./")) {
        left.remove_prefix(2);
    }
    while (left.ends_with('/')) {
        left.remove_suffix(1);
    }
    return left.empty() ? path : left;
}

std::optional<std::string> command_problem(std::string_view text)
{
    const auto is_control = [](char character) {
        const auto byte = static_cast<unsigned char>(character);
        return (byte < 0x20 && character != '\n' && character != '\t') || byte == 0x7F;
    };
    if (std::any_of(text.begin(), text.end(), is_control)) {
        return "must have no control characters but tabs and line ends";
    }
    if (text.find_first_not_of(" \t\n") == std::string_view::npos) {
        return "must not be blank";
    }
    return std::nullopt;
}

}  // namespace

void check_build_settings(const JsonValue& request, Findings& findings)
{
    const FoundMember build = locate(request, "build");
    if (build.value == nullptr || !build.value->IsObject()) {
        return;
    }
    const Place root;
    const Place place = root.member("build", build.position);
    for (const Member& member : k_members) {
        const FoundMember found = locate(*build.value, member.name);
        if (found.value == nullptr || !found.value->IsString()) {
            continue;
        }
        const std::string_view text = text_of(*found.value);
        if (auto problem = member.is_path ? path_problem(tidy(text)) : command_problem(text)) {
            findings.add(place.member(member.name, found.position), *std::move(problem));
        }
    }
}

std::optional<std::string> build_changes(const JsonValue& request)
{
    const FoundMember build = locate(request, "build");
    if (build.value == nullptr) {
        return std::nullopt;
    }
    JsonWriter json;
    json.begin_object();
    for (const Member& member : k_members) {
        const auto found = build.value->FindMember(JsonValue::StringRefType{
            member.name.data(), static_cast<unsigned>(member.name.size())});
        if (found == build.value->MemberEnd()) {
            continue;
        }
        json.key(member.name);
        if (found->value.IsNull()) {
            json.raw("null");
        } else {
            const std::string_view text = text_of(found->value);
            json.text(member.is_path ? tidy(text) : text);
        }
    }
    json.end_object();
    return json.take();
}

Result<BuildSettings> decode_build_settings(std::string_view json)
{
    const Result<JsonDocument> document = JsonDocument::parse(json);
    if (!document) {
        return document.error();
    }
    const Error unknown{Errc::invalid_input, "these are no settings of a build"};
    if (!document->root().IsObject()) {
        return unknown;
    }
    BuildSettings settings;
    for (const Member& member : k_members) {
        const FoundMember found = locate(document->root(), member.name);
        if (found.value != nullptr && !found.value->IsString()) {
            return unknown;
        }
        if (found.value != nullptr) {
            settings.*member.value = std::string{text_of(*found.value)};
        }
    }
    return settings;
}

}  // namespace libra
