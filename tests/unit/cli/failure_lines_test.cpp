#include "cli/failure_lines.hpp"

#include "shared/wire/failure_report.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace libra {
namespace {

std::vector<std::string> lines_of(const std::string& json)
{
    const Result<JsonDocument> document = JsonDocument::parse(json);
    REQUIRE(document.has_value());
    return failure_lines(document->root());
}

TEST_CASE("a failure is shown with its cause, its fix, its first errors and what changed")
{
    const std::string report = encode_failure_report(
        {.phase = "build",
         .summary = "The build failed.",
         .first_errors = {"error: no", "at a.js"},
         .cause = "missing_dependency",
         .likely_cause = "It lacks axios.",
         .fix = "Add axios.",
         .changes =
             ReleaseChanges{
                 .deployment_id = "d1",
                 .files =
                     NameChanges{
                         .added = {.count = 12, .first = {"a", "b"}},
                         .changed = {.count = 1, .first = {"c"}}},
                 .packages =
                     PackageChanges{
                         .changed = 1, .first = {{.name = "vite", .from = "5", .to = "6"}}},
                 .environment = NameChanges{.removed = {.count = 1, .first = {"API"}}},
                 .toolchain = {{{.name = "node", .to = "22"}}}}}
    );

    const std::vector<std::string> expected{
        "Failed        The build failed.",
        "Likely cause  It lacks axios.",
        "Fix           Add axios.",
        "First errors:",
        "  error: no",
        "  at a.js",
        "Changed since the last good release, d1 of 1970-01-01T00:00:00.000Z:",
        "  files       1 changed: c; 12 added: a, b, …",
        "  packages    vite 5 → 6",
        "  variables   1 removed: API",
        "  tools       node 22 added",
    };
    CHECK(lines_of(R"({"failure": )" + report + "}") == expected);
}

TEST_CASE("nothing is shown of a deployment without a failure, or with one of another shape")
{
    CHECK(lines_of("{}").empty());
    CHECK(lines_of(R"({"failure": 1})").empty());
    CHECK(lines_of(R"({"failure": {"firstErrors": [1], "changes": {"files": 2}}})").size() == 4);
}

TEST_CASE("what a failure says cannot steer the terminal")
{
    const auto lines =
        lines_of(R"({"failure": {"summary": "\u001b[31mred", "firstErrors": ["\u001b]0;x\u0007"]}})"
        );

    CHECK(std::none_of(lines.begin(), lines.end(), [](const std::string& line) {
        return line.find('\x1B') != std::string::npos;
    }));
}

}  // namespace
}  // namespace libra
