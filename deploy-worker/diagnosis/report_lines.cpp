#include "deploy-worker/diagnosis/report_lines.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

namespace libra {

namespace {

using Lines = std::vector<std::string>;

std::string named(std::int64_t count, const std::vector<std::string>& first)
{
    const bool all = static_cast<std::size_t>(count) == first.size();
    return fmt::format("{}{}", fmt::join(first, ", "), all ? "" : ", …");
}

/// `2 changed (a, b), 1 added (c)`.
std::string shown(const NameChanges& changes)
{
    std::string text;
    const auto add = [&](std::string_view what, const NameList& names) {
        if (names.count > 0) {
            text += fmt::format(
                "{}{} {} ({})",
                text.empty() ? "" : ", ",
                names.count,
                what,
                named(names.count, names.first)
            );
        }
    };
    add("changed", changes.changed);
    add("added", changes.added);
    add("removed", changes.removed);
    return text.empty() ? "no change" : text;
}

std::string shown(const std::vector<VersionChange>& versions)
{
    std::string text;
    for (const VersionChange& version : versions) {
        text += text.empty() ? "" : ", ";
        if (version.from.empty()) {
            text += fmt::format("{} {} added", version.name, version.to);
        } else if (version.to.empty()) {
            text += fmt::format("{} {} removed", version.name, version.from);
        } else {
            text += fmt::format("{} {} → {}", version.name, version.from, version.to);
        }
    }
    return text.empty() ? "no change" : text;
}

std::string shown(const PackageChanges& changes)
{
    const std::int64_t count = changes.added + changes.changed + changes.removed;
    const bool all = static_cast<std::size_t>(count) == changes.first.size();
    return shown(changes.first) + (all ? "" : fmt::format(", … ({} in all)", count));
}

void add_changes(Lines& lines, const ReleaseChanges& changes)
{
    lines.push_back(fmt::format(
        "Changed since the last good release ({}, {}):",
        changes.deployment_id,
        to_rfc3339(changes.finished_at)
    ));
    if (changes.files) {
        lines.push_back("  files: " + shown(*changes.files));
    }
    if (changes.packages) {
        lines.push_back("  packages: " + shown(*changes.packages));
    }
    if (changes.environment) {
        lines.push_back("  variables: " + shown(*changes.environment));
    }
    if (changes.toolchain) {
        lines.push_back("  tools: " + shown(*changes.toolchain));
    }
}

}  // namespace

std::vector<std::string> report_lines(const Failure& failure)
{
    Lines lines;
    if (!failure.report) {
        return lines;
    }
    const FailureReport& report = *failure.report;
    lines.push_back("Failed: " + report.summary);
    if (!report.likely_cause.empty()) {
        lines.push_back("Likely cause: " + report.likely_cause);
    }
    if (!report.fix.empty()) {
        lines.push_back("Fix: " + report.fix);
    }
    if (!report.first_errors.empty()) {
        lines.emplace_back("First errors:");
        for (const std::string& line : report.first_errors) {
            lines.push_back("  " + line);
        }
    }
    if (report.changes) {
        add_changes(lines, *report.changes);
    }
    return lines;
}

}  // namespace libra
