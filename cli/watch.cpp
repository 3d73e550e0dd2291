#include "cli/watch.hpp"

#include "cli/command_failed.hpp"
#include "cli/event_stream.hpp"
#include "cli/failure_lines.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace libra {

namespace {

// Shorter than any proxy cuts a quiet stream off; the next one goes on where this one ended.
constexpr std::chrono::seconds k_one_stream{50};
constexpr std::chrono::milliseconds k_first_pause{250};
constexpr std::chrono::milliseconds k_longest_pause{4000};
constexpr std::chrono::seconds k_gives_up_after{120};
constexpr std::chrono::seconds k_explanation_limit{10};

std::string path_of(const std::string& deployment_id)
{
    return "/deployments/" + percent_encoded(deployment_id);
}

DeploymentEnd end_of(const JsonValue& object)
{
    return {
        .status = shown(object, "status"),
        .url = shown(object, "url"),
        .preview_url = shown(object, "previewUrl"),
        .failure_class = shown(object, "failureClass"),
        .error = shown(object, "error")};
}

/// What is known of a failure beside its message. Asked for once: the message will do.
std::vector<std::string>
explanation(const CommandContext& context, const std::string& deployment_id)
{
    std::string body;
    const Result<HttpReply> reply = context.api.follow(
        path_of(deployment_id),
        {},
        [&](std::string_view piece) {
            body += piece;
            return true;
        },
        k_explanation_limit
    );
    if (reply.has_error() || reply->status != 200) {
        return {};
    }
    const Result<JsonDocument> deployment = JsonDocument::parse(body);
    return deployment.has_value() ? failure_lines(deployment->root()) : std::vector<std::string>{};
}

class Watch {
public:
    Watch(CommandContext& context, const std::string& deployment_id, const WatchOptions& options)
        : context_{context},
          deployment_id_{deployment_id},
          options_{options},
          began_{context.clock.now()},
          heard_{began_}
    {
    }

    DeploymentEnd run()
    {
        context_.api.stop_with(context_.interrupts.next());
        while (!end_) {
            if (context_.interrupts.came()) {
                answer_interrupt();
            }
            check_time();
            follow_once();
        }
        context_.terminal.clear_progress();
        return *end_;
    }

private:
    std::chrono::milliseconds time_left() const
    {
        if (!options_.timeout) {
            return k_one_stream;
        }
        const auto gone = context_.clock.now() - began_;
        return std::chrono::duration_cast<std::chrono::milliseconds>(*options_.timeout - gone);
    }

    void check_time() const
    {
        if (time_left().count() <= 0) {
            throw CommandFailed{
                ExitCode::timed_out,
                fmt::format(
                    "The deployment is not over after {} s; it goes on.", options_.timeout->count()
                ),
                "Watch it with: libra logs -f " + deployment_id_};
        }
    }

    void follow_once()
    {
        EventStreamReader reader{[this](const ServerEvent& event) { take(event); }};
        std::vector<HttpField> headers{{"Accept", "text/event-stream"}};
        if (!last_id_.empty()) {
            headers.push_back({"Last-Event-ID", last_id_});
        }
        const Result<HttpReply> reply = context_.api.follow(
            path_of(deployment_id_) + "/events",
            std::move(headers),
            [&](std::string_view piece) {
                reader.feed(piece);
                return !end_;
            },
            std::min<std::chrono::milliseconds>(k_one_stream, time_left())
        );
        if (end_ || context_.interrupts.came()) {
            return;
        }
        if (reply.has_value() && reply->status == 204) {
            end_ = end_of(context_.api.get(path_of(deployment_id_)).json.root());
            return;
        }
        const bool refused = reply.has_value() && reply->status >= 400 && reply->status < 500 &&
                             reply->status != 429;
        if (refused) {
            ApiClient::fail(*reply);
        }
        const bool in_order = (reply.has_value() && reply->status == 200) ||
                              (reply.has_error() && reply.error().code == Errc::timed_out);
        if (in_order) {
            heard_ = context_.clock.now();
            pause_ = k_first_pause;
        } else {
            wait_to_connect(reply);
        }
    }

    void wait_to_connect(const Result<HttpReply>& reply)
    {
        if (context_.clock.now() - heard_ > k_gives_up_after) {
            throw CommandFailed{
                ExitCode::platform,
                reply.has_error()
                    ? fmt::format(
                          "The platform does not answer: {}.", harmless(reply.error().detail)
                      )
                    : fmt::format("The platform answers with {}.", reply->status),
                "The deployment goes on; watch it with: libra logs -f " + deployment_id_};
        }
        context_.terminal.progress("  connection lost; connecting again …");
        static_cast<void>(context_.clock.wait_for(pause_, {}));
        pause_ = std::min(pause_ * 2, k_longest_pause);
    }

    void answer_interrupt()
    {
        context_.terminal.clear_progress();
        const std::string ways = "Watch it with: libra logs -f " + deployment_id_ +
                                 "\nCancel it with: libra cancel " + deployment_id_;
        const bool may_ask = options_.offers_cancel && !asked_ && context_.terminal.interactive();
        if (!may_ask) {
            throw CommandFailed{
                ExitCode::interrupted, "Interrupted; the deployment goes on.", ways};
        }
        asked_ = true;
        const std::string answer = context_.terminal.ask("\nCancel the deployment? [y/N] ");
        if (answer != "y" && answer != "Y" && answer != "yes") {
            throw CommandFailed{ExitCode::interrupted, "The deployment goes on.", ways};
        }
        context_.api.stop_with(context_.interrupts.next());
        context_.api.post(path_of(deployment_id_) + "/cancel", "");
    }

    void take(const ServerEvent& event)
    {
        const Result<JsonDocument> data = JsonDocument::parse(event.data);
        if (!data) {
            return;
        }
        last_id_ = event.id;
        heard_ = context_.clock.now();
        if (event.kind == "end") {
            end_ = end_of(data->root());
        } else if (event.kind == "log") {
            show_line(data->root());
        } else if (event.kind == "step" && !options_.log_only) {
            show_step(data->root());
        } else if (event.kind == "warning" && !options_.log_only) {
            context_.terminal.note("  ! " + harmless(shown(data->root(), "message")));
        }
    }

    void show_line(const JsonValue& line)
    {
        const std::string step = shown(line, "step");
        const bool wanted = options_.step.empty() || step == options_.step;
        if (options_.log_only && wanted) {
            context_.terminal.result(harmless(shown(line, "line"), true));
        } else if (wanted && shown(line, "stream") != "milestone") {
            context_.terminal.note(
                context_.terminal.shaded("  | ", Shade::dim) + harmless(shown(line, "line"))
            );
        }
    }

    void show_step(const JsonValue& step)
    {
        const std::string name = harmless(shown(step, "step"));
        const std::string status = shown(step, "status");
        if (status == "in_progress") {
            begun_[name] = context_.clock.now();
            context_.terminal.progress(fmt::format("  {} …", name));
            return;
        }
        const auto begun = begun_.find(name);
        const double seconds =
            begun == begun_.end()
                ? 0
                : std::chrono::duration<double>(context_.clock.now() - begun->second).count();
        const bool good = status == "completed";
        context_.terminal.clear_progress();
        context_.terminal.note(fmt::format(
            "  {} {:<9} {:.1f} s",
            context_.terminal.shaded(good ? "✓" : "✗", good ? Shade::good : Shade::bad),
            name,
            seconds
        ));
    }

    CommandContext& context_;
    const std::string& deployment_id_;
    const WatchOptions& options_;
    Instant began_;
    Instant heard_;
    std::chrono::milliseconds pause_{k_first_pause};
    std::string last_id_{};
    std::map<std::string, Instant> begun_{};
    bool asked_{false};
    std::optional<DeploymentEnd> end_{};
};

}  // namespace

ExitCode DeploymentEnd::exit_code() const
{
    if (status == "completed") {
        return ExitCode::success;
    }
    if (status == "cancelled") {
        return ExitCode::cancelled;
    }
    return failure_class == "user" || failure_class == "resource" ? ExitCode::failed
                                                                  : ExitCode::platform;
}

DeploymentEnd
watch(CommandContext& context, const std::string& deployment_id, const WatchOptions& options)
{
    return Watch{context, deployment_id, options}.run();
}

void report_end(
    const CommandContext& context,
    const std::string& deployment_id,
    const DeploymentEnd& end
)
{
    const Terminal& terminal = context.terminal;
    if (end.status == "completed") {
        terminal.note(terminal.shaded("Live.", Shade::good));
        terminal.result(harmless(end.url));
        return;
    }
    if (end.status == "cancelled") {
        terminal.note("Cancelled. " + harmless(end.error));
        return;
    }
    const std::vector<std::string> explained = explanation(context, deployment_id);
    if (explained.empty()) {
        terminal.note(terminal.shaded("Failed. ", Shade::bad) + harmless(end.error));
    }
    for (const std::string& line : explained) {
        terminal.note(line);
    }
    terminal.note("The whole log: libra logs " + deployment_id);
    if (end.exit_code() == ExitCode::platform) {
        terminal.note("This is not your doing. Try again with: libra retry " + deployment_id);
    }
}

}  // namespace libra
