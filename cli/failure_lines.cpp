#include "cli/failure_lines.hpp"

#include "cli/api_client.hpp"
#include "cli/terminal.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <string_view>

namespace libra {

namespace {

using Lines = std::vector<std::string>;

void add(Lines& lines, std::string_view label, const std::string& text)
{
    if (!text.empty()) {
        lines.push_back(fmt::format("{:<13} {}", label, harmless(text)));
    }
}

/// `added: a, b, …`; nothing for none.
std::string names_of(const JsonValue& list, std::string_view what)
{
    const std::string count = shown(list, "count");
    if (count.empty() || count == "0") {
        return {};
    }
    std::string text = fmt::format("{} {}: ", count, what);
    std::size_t given = 0;
    if (const JsonValue* const first = locate(list, "first").value;
        first != nullptr && first->IsArray()) {
        for (const JsonValue& name : first->GetArray()) {
            if (name.IsString()) {
                text += (given++ == 0 ? "" : ", ") + std::string{text_of(name)};
            }
        }
    }
    return text + (std::to_string(given) == count ? "" : ", …");
}

std::string name_changes(const JsonValue& changes)
{
    std::string text;
    for (const char* const what : {"changed", "added", "removed"}) {
        if (const JsonValue* const list = locate(changes, what).value) {
            const std::string names = names_of(*list, what);
            text += (text.empty() || names.empty() ? "" : "; ") + names;
        }
    }
    return text.empty() ? "no change" : text;
}

std::string version_changes(const JsonValue* list)
{
    std::string text;
    if (list == nullptr || !list->IsArray()) {
        return text;
    }
    for (const JsonValue& change : list->GetArray()) {
        const std::string from = shown(change, "from");
        const std::string to = shown(change, "to");
        const std::string what = from.empty() ? to + " added"
                                 : to.empty() ? from + " removed"
                                              : from + " → " + to;
        text += (text.empty() ? "" : ", ") + shown(change, "name") + ' ' + what;
    }
    return text.empty() ? "no change" : text;
}

void add_changes(Lines& lines, const JsonValue& changes)
{
    lines.push_back(fmt::format(
        "Changed since the last good release, {} of {}:",
        harmless(shown(changes, "sinceDeploymentId")),
        harmless(shown(changes, "since"))
    ));
    if (const JsonValue* const files = locate(changes, "files").value) {
        add(lines, "  files", name_changes(*files));
    }
    if (const JsonValue* const packages = locate(changes, "packages").value) {
        add(lines, "  packages", version_changes(locate(*packages, "first").value));
    }
    if (const JsonValue* const environment = locate(changes, "environment").value) {
        add(lines, "  variables", name_changes(*environment));
    }
    add(lines, "  tools", version_changes(locate(changes, "toolchain").value));
}

}  // namespace

std::vector<std::string> failure_lines(const JsonValue& deployment)
{
    Lines lines;
    const JsonValue* const failure = locate(deployment, "failure").value;
    if (failure == nullptr || !failure->IsObject()) {
        return lines;
    }
    add(lines, "Failed", shown(*failure, "summary"));
    add(lines, "Likely cause", shown(*failure, "likelyCause"));
    add(lines, "Fix", shown(*failure, "fix"));
    if (const JsonValue* const errors = locate(*failure, "firstErrors").value;
        errors != nullptr && errors->IsArray() && !errors->Empty()) {
        lines.emplace_back("First errors:");
        for (const JsonValue& line : errors->GetArray()) {
            lines.push_back("  " + (line.IsString() ? harmless(text_of(line)) : std::string{}));
        }
    }
    if (const JsonValue* const changes = locate(*failure, "changes").value) {
        add_changes(lines, *changes);
    }
    return lines;
}

}  // namespace libra
