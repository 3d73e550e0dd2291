#include "shared/domain/rules.hpp"
#include "shared/wire/source_manifest.hpp"
#include "tests/fuzz/verdicts.hpp"

namespace libra::fuzz {

namespace {

void check_manifest(std::string_view input)
{
    const Result<SourceManifest> manifest = decode_manifest(input);
    if (!manifest) {
        must(fit_to_show(manifest.error().detail), "a bad manifest has a reason");
        return;
    }
    for (const auto& [path, blob] : *manifest) {
        must(!path_problem(path), "an accepted path obeys its rule");
    }
    const Result<SourceManifest> again = decode_manifest(encode_manifest(*manifest));
    must(again.has_value() && *again == *manifest, "a manifest is read as it was written");
}

void check_edits(std::string_view input)
{
    const auto edits = decode_edits(input);
    if (!edits) {
        must(fit_to_show(edits.error().detail), "bad edits have a reason that can be shown");
        return;
    }
    must(!*edits || JsonDocument::parse(input).has_value(), "edits are JSON");
    if (*edits) {
        for (const FileEdit& edit : **edits) {
            must(!path_problem(edit.path), "an edited path obeys its rule");
            must(
                edit.kind != FileEdit::Kind::remove || edit.modified.empty(),
                "what is deleted has no content"
            );
        }
    }
}

}  // namespace

void try_input(std::string_view input)
{
    check_manifest(input);
    check_edits(input);
}

}  // namespace libra::fuzz
