#include "cli/doctor.hpp"

#include "cli/command_failed.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <optional>

namespace libra {

namespace {

class Examination {
public:
    explicit Examination(CommandContext& context) : context_{context} {}

    ExitCode run()
    {
        if (knows_platform() && platform_answers() && caller_is_known()) {
            organization_is_there();
            project_is_there();
        }
        return worst_;
    }

private:
    void good(const std::string& text) const
    {
        context_.terminal.result(
            fmt::format("{} {}", context_.terminal.shaded("ok  ", Shade::good), text)
        );
    }

    void bad(ExitCode code, const std::string& text, const std::string& todo)
    {
        context_.terminal.result(
            fmt::format("{} {}", context_.terminal.shaded("bad ", Shade::bad), text)
        );
        if (!todo.empty()) {
            context_.terminal.result("     " + todo);
        }
        worst_ = code;
    }

    /// @return whether `look` found nothing wrong.
    template <class Look>
    bool attempt(Look look)
    {
        try {
            look();
            return true;
        } catch (const CommandFailed& failure) {
            bad(failure.code(), failure.what(), failure.hint());
            return false;
        }
    }

    bool knows_platform()
    {
        if (context_.api.url().empty()) {
            bad(ExitCode::usage,
                "no platform is known",
                "Name its address: libra login https://deploy.example.com");
            return false;
        }
        good("the platform is " + harmless(context_.api.url()));
        return true;
    }

    bool platform_answers()
    {
        const Result<HttpReply> reply = context_.api.follow(
            "/health",
            {},
            [this](std::string_view piece) {
                health_ += piece;
                return true;
            },
            std::chrono::seconds{5}
        );
        if (reply.has_error()) {
            bad(ExitCode::platform,
                "it does not answer: " + harmless(reply.error().detail),
                "Check the address and the network; `./dev doctor` examines a platform on this "
                "machine.");
            return false;
        }
        const Result<JsonDocument> document =
            JsonDocument::parse(health_.empty() ? reply->body : health_);
        if (!document || locate(document->root(), "checks").value == nullptr) {
            bad(ExitCode::platform,
                fmt::format("it answers with {}, and not as a platform does", reply->status),
                "Is it the address of Libra Deploy's API?");
            return false;
        }
        const JsonValue& checks = document->root()["checks"];
        for (const char* const part : {"database", "queue"}) {
            if (const std::string state = shown(checks, part); state != "healthy") {
                bad(ExitCode::platform,
                    fmt::format("its {} is {}", part, harmless(state)),
                    "Its operators have to look after that; deployments wait meanwhile.");
            }
        }
        if (worst_ == ExitCode::success) {
            good("it is healthy, version " + harmless(shown(document->root(), "version")));
        }
        return true;
    }

    bool caller_is_known()
    {
        return attempt([this] {
            me_ = context_.api.get("/me");
            good("it knows you as " + harmless(me_->text_at("userId")));
            bool may_deploy = false;
            for (const JsonValue& scope : me_->json.root()["scopes"].GetArray()) {
                may_deploy = may_deploy || text_of(scope) == "deploy" || text_of(scope) == "admin";
            }
            if (!may_deploy) {
                bad(ExitCode::usage,
                    "your token may only read",
                    "Make one with the scope deploy: libra tokens create NAME");
            }
        });
    }

    void organization_is_there()
    {
        if (!context_.settings.org_id) {
            bad(ExitCode::usage,
                "no organisation is chosen",
                "Name it with --org or LIBRA_ORG; `libra whoami` lists yours.");
            return;
        }
        attempt([this] {
            const ApiAnswer quota =
                context_.api.get("/quota?orgId=" + percent_encoded(context_.org()));
            const JsonValue* const left = locate(quota.json.root(), "remaining").value;
            if (left != nullptr && left->IsInt64() && left->GetInt64() == 0) {
                bad(ExitCode::usage,
                    fmt::format("{} has no deployments left", harmless(context_.org())),
                    "`libra quota` says when there are new ones; operators raise the limit.");
                return;
            }
            good(fmt::format(
                "{} has {} deployments left",
                harmless(context_.org()),
                shown(quota.json.root(), "remaining")
            ));
        });
    }

    void project_is_there()
    {
        if (!context_.settings.project_id) {
            good("no project is chosen here; `libra deploy` makes one");
            return;
        }
        attempt([this] {
            const ApiAnswer answer =
                context_.api.get("/projects/" + percent_encoded(context_.project()));
            const JsonValue& project = answer.json.root()["project"];
            if (shown(project, "active") != "yes") {
                bad(ExitCode::usage,
                    fmt::format("the project {} is not active", harmless(context_.project())),
                    "An owner or admin activates it.");
                return;
            }
            good(fmt::format(
                "the project {} is at {}",
                harmless(context_.project()),
                harmless(shown(project, "url"))
            ));
        });
    }

    CommandContext& context_;
    std::string health_{};
    std::optional<ApiAnswer> me_{};
    ExitCode worst_{ExitCode::success};
};

}  // namespace

ExitCode examine(CommandContext& context)
{
    return Examination{context}.run();
}

}  // namespace libra
