#include "deploy-worker/build/node_versions.hpp"

#include "deploy-worker/build/frameworks.hpp"
#include "shared/base/text.hpp"
#include "shared/wire/json.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

namespace embedded {

std::string_view find_node();

}  // namespace embedded

namespace {

constexpr std::size_t k_most_known = 1000;
constexpr auto k_own_known_for = std::chrono::minutes{10};
constexpr auto k_other_known_for = std::chrono::hours{24};

constexpr std::string_view k_no_version{"is neither a version of Node nor a range of versions."};

constexpr std::string_view k_run{
    R"sh(exec node -e "$1" "$(readlink -f "$(command -v npm)")" "$2" "$3")sh"};

/// Keeps the last line of the answer, and of what went wrong.
class LastLines final : public LineSink {
public:
    void line(OutputStream stream, std::string_view line) override
    {
        (stream == OutputStream::out ? answer : complaint) = line;
    }

    std::string answer{};
    std::string complaint{};
};

std::string text_at(const JsonValue& object, std::string_view name)
{
    const FoundMember found = locate(object, name);
    const bool text = found.value != nullptr && found.value->IsString();
    return text ? std::string{text_of(*found.value)} : std::string{};
}

bool true_at(const JsonValue& object, std::string_view name)
{
    const FoundMember found = locate(object, name);
    return found.value != nullptr && found.value->IsBool() && found.value->GetBool();
}

/// Each was run on the oldest Node it is for; nothing where there is none.
std::string npm_for(std::string_view node)
{
    const std::string_view major = node.substr(0, node.find('.'));
    if (major == "14" || major == "16") {
        return "9.9.4";
    }
    return major == "18" || major == "20" || major == "22" ? "10.9.4" : "";
}

Failure unavailable(const NodeWish& wish, std::string_view why)
{
    return {
        .failure_class = FailureClass::user,
        .code = "node_version_unavailable",
        .message = fmt::format(
            "The Node version that is asked for, `{}` ({}), {} Ask for another there, for example "
            "`22`.",
            printable_utf8(wish.range),
            wish.source,
            why
        )};
}

}  // namespace

std::optional<NodeChoice> NodeVersions::known(const std::string& range)
{
    const std::scoped_lock lock{mutex_};
    const auto found = known_.find(range);
    if (found == known_.end() || found->second.until <= clock_.now()) {
        return std::nullopt;
    }
    return found->second.choice;
}

void NodeVersions::remember(const std::string& range, const NodeChoice& choice)
{
    const std::scoped_lock lock{mutex_};
    const Instant now = clock_.now();
    if (known_.size() >= k_most_known) {
        std::erase_if(known_, [&](const auto& entry) { return entry.second.until <= now; });
    }
    if (known_.size() >= k_most_known) {
        known_.clear();
    }
    const Instant until = choice.sandbox_node ? now + k_own_known_for : now + k_other_known_for;
    known_.insert_or_assign(range, Known{choice, until});
}

Outcome<NodeChoice> NodeVersions::ask(
    const NodeWish& wish,
    const std::string& range,
    const SandboxSpec& spec,
    Instant deadline,
    const std::stop_token& stop
)
{
    constexpr std::string_view k_what{"the search for the project's Node version"};
    const auto sandbox = sandboxes_.create(spec);
    if (sandbox.has_error()) {
        return transient_failure("the preparation of a build sandbox", sandbox.error());
    }
    const SandboxCommand command{
        .argv =
            {"sh",
             "-c",
             std::string{k_run},
             "find",
             std::string{embedded::find_node()},
             node_tool({}).package,
             range},
        .directory = "/tmp"};
    LastLines lines;
    const auto exit = (*sandbox)->run(command, lines, deadline, stop);
    if (exit.has_error()) {
        return transient_failure(k_what, exit.error());
    }
    const auto answer = JsonDocument::parse(lines.answer);
    if (exit->exit_code != 0 || answer.has_error()) {
        return transient_failure(k_what, {Errc::unavailable, lines.complaint});
    }
    if (true_at(answer->root(), "unreadable")) {
        return unavailable(wish, k_no_version);
    }
    const std::string node = text_at(answer->root(), "node");
    if (node.empty()) {
        const std::string newest = text_at(answer->root(), "newest");
        return unavailable(wish, fmt::format("does not exist here; the newest is {}.", newest));
    }
    NodeChoice choice{
        .node = node,
        .npm = text_at(answer->root(), "npm"),
        .sandbox_node = node == text_at(answer->root(), "own")};
    if (!true_at(answer->root(), "npmRuns")) {
        choice.npm = npm_for(node);
        choice.sandbox_npm = false;
        if (choice.npm.empty()) {
            return unavailable(wish, fmt::format("comes to {}, which is too old.", node));
        }
    }
    return choice;
}

Outcome<NodeChoice> NodeVersions::find(
    const std::optional<NodeWish>& wish,
    const SandboxSpec& spec,
    Instant deadline,
    const std::stop_token& stop
)
{
    if (wish && !is_readable(*wish)) {
        return unavailable(*wish, k_no_version);
    }
    const std::string range =
        wish ? semver_range(wish->range, framework_list().lts_lines) : std::string{};
    if (const auto choice = known(range)) {
        return *choice;
    }
    Outcome<NodeChoice> found = ask(wish.value_or(NodeWish{}), range, spec, deadline, stop);
    if (found.has_value()) {
        remember(range, *found);
    }
    return found;
}

void use_node(BuildPlan& plan, const NodeChoice& choice)
{
    plan.toolchain.node = choice.node;
    if (plan.toolchain.manager == PackageManager::npm) {
        plan.toolchain.version = choice.npm;
    }
    std::vector<Tool> tools;
    if (!choice.sandbox_node) {
        tools.push_back(node_tool(choice.node));
    }
    if (!choice.sandbox_npm) {
        tools.push_back({.package = "npm", .version = choice.npm});
    }
    add_tools(plan, tools);
    const std::string own = choice.sandbox_node ? ", the sandbox's own" : "";
    plan.reasons.push_back(
        plan.node_wish ? fmt::format(
                             "Node: {}{} (`{}` is asked for: {})",
                             choice.node,
                             own,
                             plan.node_wish->range,
                             plan.node_wish->source
                         )
                       : fmt::format("Node: {}{}", choice.node, own)
    );
}

}  // namespace libra
