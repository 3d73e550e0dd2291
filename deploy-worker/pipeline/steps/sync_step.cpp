#include "deploy-worker/pipeline/steps/sync_step.hpp"

#include "deploy-worker/pipeline/steps/source_limits.hpp"
#include "deploy-worker/templates/templates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>
#include <vector>

namespace libra {

namespace {

/// A lock file of an earlier deployment says nothing about a package.json that came without one.
void drop_stale_lock_files(const SourceManifest& before, SourceManifest& tree)
{
    constexpr std::array k_lock_files{
        "package-lock.json",
        "npm-shrinkwrap.json",
        "pnpm-lock.yaml",
        "yarn.lock",
        "bun.lock",
        "bun.lockb",
    };
    const auto unchanged = [&](const std::string& path) {
        const auto old = before.find(path);
        const auto now = tree.find(path);
        return old != before.end() && now != tree.end() && old->second == now->second;
    };
    const bool any_new =
        std::any_of(k_lock_files.begin(), k_lock_files.end(), [&](const char* lock) {
            return tree.contains(lock) && !unchanged(lock);
        });
    if (unchanged("package.json") && !any_new) {
        return;
    }
    for (const char* lock : k_lock_files) {
        if (unchanged(lock)) {
            tree.erase(lock);
        }
    }
}

Outcome<void> write_file(const std::filesystem::path& path, std::string_view bytes)
{
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (failed || !file) {
        return transient_failure(
            "the layout of the project's files",
            {Errc::unavailable, "cannot write " + path.string() + ": " + failed.message()}
        );
    }
    return {};
}

}  // namespace

/// What is to be stored once the tree is known to be a good one, and then all at once.
class SyncStep::Unstored {
public:
    /// `text` has to stay where it is.
    BlobRef add(std::string_view text)
    {
        texts_.push_back(text);
        return {.digest = sha256(text), .bytes = text.size()};
    }

    BlobRef keep(std::string text)
    {
        kept_.push_back(std::move(text));
        return add(kept_.back());
    }

    const std::vector<std::string_view>& texts() const { return texts_; }

private:
    std::vector<std::string_view> texts_;
    std::deque<std::string> kept_;
};

SyncStep::SyncStep(ProjectStore& projects, ObjectStore& objects, SourceLimits limits)
    : projects_{projects}, objects_{objects}, limits_{limits}
{
}

Outcome<SourceManifest>
SyncStep::from_template(const Job& job, Unstored& unstored, StepControl& control)
{
    const Result<std::optional<std::string>> name = projects_.site_template(job.claim.lease);
    if (name.has_error()) {
        return transient_failure("the look-up of the project's template", name.error());
    }
    SourceManifest tree;
    if (!*name) {
        return tree;
    }
    for (const TemplateFile& file : template_files(**name)) {
        tree[std::string{file.path}] = unstored.add(file.content);
    }
    if (tree.empty()) {
        // Of a newer version than this worker's: one of those will know it.
        return transient_failure(
            "the look-up of the project's template", {Errc::unavailable, "unknown: " + **name}
        );
    }
    control.output.line(OutputStream::out, "Template: " + **name);
    return tree;
}

Outcome<SourceManifest> SyncStep::base_of(const Job& job, Unstored& unstored, StepControl& control)
{
    const Result<std::optional<Digest>> base = projects_.base_source(job.claim.lease);
    if (base.has_error()) {
        return transient_failure("the look-up of the project's last files", base.error());
    }
    if (!*base) {
        return from_template(job, unstored, control);
    }
    const Result<std::string> bytes = objects_.get(**base);
    if (bytes.has_error()) {
        return transient_failure("the reading of the project's last files", bytes.error());
    }
    Result<SourceManifest> manifest = decode_manifest(*bytes);
    if (manifest.has_error()) {
        return transient_failure("the reading of the project's last files", manifest.error());
    }
    return *std::move(manifest);
}

Outcome<std::string> SyncStep::text_of(const Content& content)
{
    const auto* blob = std::get_if<BlobRef>(&content);
    if (blob == nullptr) {
        return std::get<std::string>(content);
    }
    Result<std::string> bytes = objects_.get(blob->digest);
    if (bytes.has_error()) {
        return transient_failure("the reading of the history", bytes.error());
    }
    return *std::move(bytes);
}

Outcome<void>
SyncStep::apply_history(const DeploymentParams& params, SourceManifest& tree, Unstored& unstored)
{
    for (const HistoryMessage& message : params.history) {
        if (message.role != Role::assistant) {
            continue;
        }
        const Outcome<std::string> text = text_of(message.content);
        if (text.has_error()) {
            return text.error();
        }
        auto edits = decode_edits(*text);
        if (edits.has_error()) {
            return Failure{
                .failure_class = FailureClass::user,
                .code = "invalid_edit",
                .message = edits.error().detail,
            };
        }
        if (!*edits) {
            continue;
        }
        for (FileEdit& edit : **edits) {
            if (edit.kind == FileEdit::Kind::remove) {
                tree.erase(edit.path);
                continue;
            }
            tree[edit.path] = unstored.keep(std::move(edit.modified));
        }
    }
    return {};
}

Outcome<void> SyncStep::lay_out(const Job& job, const StepControl& control)
{
    for (const auto& [path, blob] : job.source) {
        if (control.interrupted()) {
            return transient_failure("the layout of the project's files", {Errc::timed_out, path});
        }
        const Result<std::string> bytes = objects_.get(blob.digest);
        if (bytes.has_error()) {
            return transient_failure("the reading of the project's files", bytes.error());
        }
        if (Outcome<void> written = write_file(job.tree / path, *bytes); written.has_error()) {
            return written;
        }
    }
    return {};
}

/// Takes the file tree that an earlier attempt stored, if there is one and it can be read.
bool SyncStep::recall(Job& job)
{
    if (!job.claim.source) {
        return false;
    }
    const Result<std::string> bytes = objects_.get(*job.claim.source);
    if (bytes.has_error()) {
        return false;
    }
    Result<SourceManifest> manifest = decode_manifest(*bytes);
    if (manifest.has_error()) {
        return false;
    }
    job.source = *std::move(manifest);
    return true;
}

Outcome<void> SyncStep::merge(Job& job, StepControl& control)
{
    Unstored unstored;
    Outcome<SourceManifest> tree = job.params.replace_files
                                       ? Outcome<SourceManifest>{SourceManifest{}}
                                       : base_of(job, unstored, control);
    if (tree.has_error()) {
        return tree.error();
    }
    const SourceManifest before = *tree;
    for (const SourceFile& file : job.params.init_files) {
        const auto* text = std::get_if<std::string>(&file.content);
        (*tree)[file.path] =
            text != nullptr ? unstored.add(*text) : std::get<BlobRef>(file.content);
    }
    if (Outcome<void> applied = apply_history(job.params, *tree, unstored); applied.has_error()) {
        return applied;
    }
    drop_stale_lock_files(before, *tree);
    if (Outcome<void> shape = check_source(*tree, limits_); shape.has_error()) {
        return shape;
    }
    job.source = *std::move(tree);
    const Digest manifest = unstored.keep(encode_manifest(job.source)).digest;
    if (const Result<void> stored = objects_.put_all(unstored.texts()); stored.has_error()) {
        return transient_failure("the storing of the project's files", stored.error());
    }
    if (const Result<void> set = projects_.set_source(job.claim.lease, manifest); set.has_error()) {
        return transient_failure("the recording of the project's files", set.error());
    }
    job.claim.source = manifest;
    control.output.line(
        OutputStream::out,
        fmt::format("{} files ({} before this deployment)", job.source.size(), before.size())
    );
    return {};
}

Outcome<void> SyncStep::run(Job& job, StepControl& control)
{
    if (!recall(job)) {
        if (Outcome<void> merged = merge(job, control); merged.has_error()) {
            return merged;
        }
    }
    job.tree = job.directory / "tree";
    return lay_out(job, control);
}

}  // namespace libra
