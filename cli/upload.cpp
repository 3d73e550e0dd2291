#include "cli/upload.hpp"

#include "cli/command_failed.hpp"
#include "shared/wire/json_writer.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

namespace libra {

namespace {

constexpr std::size_t k_asked_at_once = 1000;
constexpr std::size_t k_uploads_at_once = 4;

using ByDigest = std::map<std::string, const LocalFile*>;

std::vector<const LocalFile*> missing(CommandContext& context, const ByDigest& files)
{
    std::vector<const LocalFile*> wanted;
    auto next = files.begin();
    while (next != files.end()) {
        JsonWriter json;
        json.begin_object().key("orgId").text(context.org()).key("sha256").begin_array();
        for (std::size_t asked = 0; asked < k_asked_at_once && next != files.end();
             ++asked, ++next) {
            json.text(next->first);
        }
        json.end_array().end_object();
        const ApiAnswer answer = context.api.post("/files/missing", json.take());
        const JsonValue* const list = locate(answer.json.root(), "missing").value;
        if (list == nullptr || !list->IsArray()) {
            throw CommandFailed{ExitCode::platform, "The platform does not say what it lacks."};
        }
        for (const JsonValue& digest : list->GetArray()) {
            const auto found =
                digest.IsString() ? files.find(std::string{text_of(digest)}) : files.end();
            if (found != files.end()) {
                wanted.push_back(found->second);
            }
        }
    }
    return wanted;
}

/// Several threads take file after file; the first failure ends them all.
class Uploads {
public:
    Uploads(CommandContext& context, const std::vector<const LocalFile*>& files)
        : context_{context}, files_{files}, interrupted_{context.interrupts.next()}
    {
        for (const LocalFile* file : files) {
            bytes_ += file->bytes;
        }
    }

    void run()
    {
        {
            const std::stop_callback pass_on{interrupted_, [this] { stop_.request_stop(); }};
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < std::min(k_uploads_at_once, files_.size()); ++i) {
                threads.emplace_back([this] { work(); });
            }
        }
        context_.terminal.clear_progress();
        if (failure_) {
            std::rethrow_exception(failure_);
        }
        if (stop_.stop_requested()) {
            throw CommandFailed{ExitCode::interrupted, "Interrupted; nothing was deployed."};
        }
    }

private:
    void work()
    {
        try {
            while (!stop_.stop_requested()) {
                const std::size_t mine = next_++;
                if (mine >= files_.size()) {
                    return;
                }
                upload(*files_[mine]);
            }
        } catch (const CommandFailed&) {
            const std::scoped_lock lock{mutex_};
            if (!failure_) {
                failure_ = std::current_exception();
            }
            stop_.request_stop();
        }
    }

    void upload(const LocalFile& file)
    {
        std::string bytes = read_file_bytes(file.on_disk);
        if (sha256(bytes) != file.digest) {
            throw CommandFailed{
                ExitCode::usage,
                fmt::format("{} has changed since it was read.", harmless(file.path)),
                "Deploy again when nothing writes to the folder."};
        }
        const std::size_t size = bytes.size();
        context_.api.upload(
            fmt::format("/files/{}?orgId={}", file.digest.hex(), percent_encoded(context_.org())),
            std::move(bytes),
            stop_.get_token()
        );
        const std::scoped_lock lock{mutex_};
        ++done_;
        bytes_done_ += size;
        context_.terminal.progress(fmt::format(
            "  uploading {} of {} files, {} of {} KiB",
            done_,
            files_.size(),
            bytes_done_ / 1024,
            bytes_ / 1024
        ));
    }

    CommandContext& context_;
    const std::vector<const LocalFile*>& files_;
    std::stop_token interrupted_;
    std::stop_source stop_{};
    std::atomic<std::size_t> next_{0};
    std::mutex mutex_;
    std::size_t done_{0};
    std::uint64_t bytes_{0};
    std::uint64_t bytes_done_{0};
    std::exception_ptr failure_{};
};

}  // namespace

void upload_missing(CommandContext& context, const std::vector<LocalFile>& files)
{
    ByDigest by_digest;
    for (const LocalFile& file : files) {
        by_digest.try_emplace(file.digest.hex(), &file);
    }
    const std::vector<const LocalFile*> wanted = missing(context, by_digest);
    if (!wanted.empty()) {
        Uploads{context, wanted}.run();
    }
    context.terminal.note(fmt::format("  {} files, {} uploaded", files.size(), wanted.size()));
}

}  // namespace libra
