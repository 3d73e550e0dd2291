#pragma once

#include "deploy-worker/sandbox/sandbox.hpp"

#include <deque>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace libra::testing {

/// What a command prints and how it ends.
struct ScriptedCommand {
    Result<CommandExit> exit{CommandExit{}};
    std::vector<std::pair<OutputStream, std::string>> lines{};
    std::map<std::string, std::string> writes{};  // files it leaves below /work
};

/// A sandbox in memory: keeps every command it was given and answers each with the next line of a
/// script, after its end with success.
class ScriptedSandbox final : public Sandbox {
public:
    explicit ScriptedSandbox(std::deque<ScriptedCommand> script = {}) : script_{std::move(script)}
    {
    }

    Result<void> upload(const std::filesystem::path& source) override
    {
        uploaded_ = source;
        return {};
    }

    Result<CommandExit>
    run(const SandboxCommand& command,
        LineSink& sink,
        Instant /*deadline*/,
        std::stop_token /*stop*/
    ) override
    {
        commands_.push_back(command);
        if (script_.empty()) {
            return CommandExit{};
        }
        const ScriptedCommand answer = std::move(script_.front());
        script_.pop_front();
        for (const auto& [stream, text] : answer.lines) {
            sink.line(stream, text);
        }
        for (const auto& [path, content] : answer.writes) {
            files_[path] = content;
        }
        return answer.exit;
    }

    Result<std::optional<std::string>>
    read_file(const std::string& path, std::uint64_t max_bytes) override
    {
        const auto file = files_.find(path);
        if (file == files_.end()) {
            return std::optional<std::string>{};
        }
        if (file->second.size() > max_bytes) {
            return Error{Errc::limit_exceeded, path};
        }
        return std::optional{file->second};
    }

    Result<std::vector<std::string>> list(const std::string& directory) override
    {
        const std::string prefix = directory == "." ? "" : directory + '/';
        std::set<std::string> names;
        for (const auto& [path, content] : files_) {
            if (path.starts_with(prefix)) {
                const std::string rest = path.substr(prefix.size());
                const std::size_t slash = rest.find('/');
                names.insert(slash == std::string::npos ? rest : rest.substr(0, slash + 1));
            }
        }
        if (names.empty()) {
            return Error{Errc::not_found, directory};
        }
        return std::vector<std::string>{names.begin(), names.end()};
    }

    Result<void> collect(
        const std::string& directory,
        const std::filesystem::path& into,
        const CollectLimits& limits
    ) override
    {
        collected_.push_back(directory);
        collect_limits_ = limits;
        if (collect_error_) {
            return *collect_error_;
        }
        for (const auto& [path, content] : files_) {
            if (path.starts_with(directory + '/')) {
                const std::filesystem::path file = into / path.substr(directory.size() + 1);
                std::filesystem::create_directories(file.parent_path());
                std::ofstream{file, std::ios::binary} << content;
            }
        }
        return {};
    }

    Result<void>
    checkpoint(const std::filesystem::path& /*tree*/, const std::filesystem::path& image) override
    {
        if (checkpoint_error_) {
            return *checkpoint_error_;
        }
        image_ = image;
        return {};
    }

    Result<void> destroy() override
    {
        ++destroyed_;
        if (!image_.empty()) {
            std::ofstream{image_} << "image";
            image_.clear();
        }
        return {};
    }

    void put_file(const std::string& path, std::string content)
    {
        files_[path] = std::move(content);
    }

    void fail_collect(Error error) { collect_error_ = std::move(error); }

    void fail_checkpoint(Error error) { checkpoint_error_ = std::move(error); }

    const std::vector<SandboxCommand>& commands() const { return commands_; }

    const std::vector<std::string>& collected() const { return collected_; }

    const CollectLimits& collect_limits() const { return collect_limits_; }

    const std::filesystem::path& uploaded() const { return uploaded_; }

    int destroyed() const { return destroyed_; }

private:
    std::deque<ScriptedCommand> script_;
    std::map<std::string, std::string> files_;
    std::optional<Error> collect_error_;
    std::optional<Error> checkpoint_error_;
    std::filesystem::path image_;
    std::vector<SandboxCommand> commands_;
    std::vector<std::string> collected_;
    CollectLimits collect_limits_{};
    std::filesystem::path uploaded_;
    int destroyed_{0};
};

}  // namespace libra::testing
