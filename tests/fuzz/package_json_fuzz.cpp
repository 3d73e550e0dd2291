#include "shared/wire/package_json.hpp"
#include "shared/wire/text_members.hpp"
#include "tests/fuzz/verdicts.hpp"

namespace libra::fuzz {

namespace {

/// Every document that the strict reader takes must mean the same to this one.
void check_meaning(const PackageJson& package, const JsonValue& root)
{
    const JsonValue* const manager = locate(root, "packageManager").value;
    const bool named = manager != nullptr && manager->IsString();
    must(
        package.package_manager == (named ? text_of(*manager) : std::string_view{}),
        "the package manager is the one that is named"
    );
    const JsonValue* const scripts = locate(root, "scripts").value;
    std::map<std::string, std::string> expected;
    if (scripts != nullptr && scripts->IsObject()) {
        for (const auto& member : scripts->GetObject()) {
            if (member.value.IsString()) {
                expected.emplace(text_of(member.name), text_of(member.value));
            }
        }
    }
    must(package.scripts == expected, "the scripts are those that are strings");
    for (const std::string& name : package.dependencies) {
        must(
            locate(root, "dependencies").value != nullptr ||
                locate(root, "devDependencies").value != nullptr,
            "a dependency is listed"
        );
        must(is_utf8(name), "a name is UTF-8");
    }
}

}  // namespace

void try_input(std::string_view input)
{
    const Result<PackageJson> package = parse_package_json(input);
    const Result<JsonDocument> strict = JsonDocument::parse(input);
    if (!package) {
        must(fit_to_show(package.error().detail), "what is refused has a reason for the user");
        must(!strict || !strict->root().IsObject(), "a JSON object is taken");
        return;
    }
    if (strict) {
        must(strict->root().IsObject(), "only an object is taken");
        check_meaning(*package, strict->root());
    }
}

}  // namespace libra::fuzz
