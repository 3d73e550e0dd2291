#include "deploy-worker/pipeline/steps/tool_cache.hpp"

#include "deploy-worker/cache/host_toolchain.hpp"
#include "deploy-worker/cache/key_digest.hpp"
#include "deploy-worker/process/line_sink.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace libra {

namespace {

class NoLines final : public LineSink {
public:
    void line(OutputStream /*stream*/, std::string_view /*line*/) override {}
};

/// What is left in the home besides the tool is of no use to anybody.
SandboxCommand sweep_command()
{
    return {.argv = {"rm", "-rf", "/home/build/.npm"}, .directory = "/tmp"};
}

std::optional<Digest> key_of(const Tool& tool, Clock& clock)
{
    const Result<std::string> toolchain = host_toolchain(clock);
    if (toolchain.has_error()) {
        return std::nullopt;
    }
    KeyDigest key{"tools 1"};
    key.add(*toolchain);
    add_commands(key, {fetch_command(tool, tool_directory(tool))});
    return key.finish();
}

bool succeeds(Sandbox& sandbox, const SandboxCommand& command, const StepControl& control)
{
    NoLines unseen;
    const auto exit = sandbox.run(command, unseen, control.deadline, control.stop);
    return exit.has_value() && exit->exit_code == 0;
}

bool fetch(
    CacheStore& cache,
    SandboxProvider& provider,
    SandboxSpec spec,
    const Tool& tool,
    const Digest& key,
    StepControl& control
)
{
    spec.id += "-tool";
    const Instant begun = control.clock.now();
    Result<CacheDraft> draft = cache.draft(CacheKind::tools, key, {});
    Result<std::unique_ptr<Sandbox>> sandbox = provider.create(spec);
    if (draft.has_error() || sandbox.has_error()) {
        return false;
    }
    const std::filesystem::path empty = draft->content().parent_path() / "nothing";
    std::error_code failed;
    std::filesystem::create_directory(empty, failed);
    const bool kept = !failed &&
                      succeeds(**sandbox, fetch_command(tool, tool_directory(tool)), control) &&
                      succeeds(**sandbox, sweep_command(), control) &&
                      (*sandbox)->checkpoint(empty, draft->content()).has_value();
    const bool gone = (*sandbox)->destroy().has_value();
    std::filesystem::remove(empty, failed);
    const auto cost =
        std::chrono::duration_cast<std::chrono::milliseconds>(control.clock.now() - begun);
    return kept && gone && cache.publish(*std::move(draft), cost).has_value();
}

}  // namespace

std::vector<CacheEntry> tool_entries(
    CacheStore& cache,
    SandboxProvider& provider,
    const SandboxSpec& spec,
    const std::vector<Tool>& tools,
    StepControl& control
)
{
    std::vector<CacheEntry> entries;
    for (const Tool& tool : tools) {
        const auto key = key_of(tool, control.clock);
        if (!key) {
            continue;
        }
        std::optional<CacheEntry> entry = cache.find(CacheKind::tools, *key);
        if (!entry && fetch(cache, provider, spec, tool, *key, control)) {
            control.output.line(OutputStream::out, fmt::format("Fetched {}.", to_string(tool)));
            entry = cache.find(CacheKind::tools, *key);
        }
        if (entry) {
            entries.push_back(*std::move(entry));
        }
    }
    return entries;
}

}  // namespace libra
