#include "deploy-worker/build/node_versions.hpp"

#include "deploy-worker/build/plan_record.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/project_tree.hpp"
#include "tests/support/scripted_sandbox.hpp"

#include <catch2/catch.hpp>

#include <deque>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::FakeClock;
using testing::ScriptedCommand;
using testing::ScriptedSandbox;

/// Gives each sandbox the next answer, and keeps what was asked there.
class AskedSandboxes final : public SandboxProvider {
public:
    std::string_view name() const override { return "scripted"; }

    Result<std::unique_ptr<Sandbox>> create(const SandboxSpec& spec) override
    {
        if (refusal) {
            return *refusal;
        }
        ids.push_back(spec.id);
        ScriptedCommand answer = answers.front();
        answers.pop_front();
        return std::unique_ptr<Sandbox>{
            std::make_unique<Asked>(std::deque<ScriptedCommand>{std::move(answer)}, commands)};
    }

    Result<void> remove_orphans(const std::string& /*worker_id*/) override { return {}; }

    std::deque<ScriptedCommand> answers;
    std::optional<Error> refusal;
    std::vector<std::string> ids;
    std::vector<SandboxCommand> commands;

private:
    class Asked final : public Sandbox {
    public:
        Asked(std::deque<ScriptedCommand> script, std::vector<SandboxCommand>& commands)
            : inner_{std::move(script)}, commands_{commands}
        {
        }

        Result<void> upload(const std::filesystem::path& /*source*/) override
        {
            FAIL("no file of a project belongs in there");
            return {};
        }

        Result<CommandExit>
        run(const SandboxCommand& command, LineSink& sink, Instant deadline, std::stop_token stop
        ) override
        {
            commands_.push_back(command);
            return inner_.run(command, sink, deadline, std::move(stop));
        }

        Result<std::optional<std::string>>
        read_file(const std::string& path, std::uint64_t most) override
        {
            return inner_.read_file(path, most);
        }

        Result<std::vector<std::string>> list(const std::string& directory) override
        {
            return inner_.list(directory);
        }

        Result<void> collect(
            const std::string& directory,
            const std::filesystem::path& into,
            const CollectLimits& limits
        ) override
        {
            return inner_.collect(directory, into, limits);
        }

        Result<void>
        checkpoint(const std::filesystem::path& tree, const std::filesystem::path& image) override
        {
            return inner_.checkpoint(tree, image);
        }

        Result<void> destroy() override { return {}; }

    private:
        ScriptedSandbox inner_;
        std::vector<SandboxCommand>& commands_;
    };
};

ScriptedCommand says(const std::string& line, int exit_code = 0)
{
    return {
        .exit = CommandExit{.exit_code = exit_code},
        .lines = {{OutputStream::err, "npm error network"}, {OutputStream::out, line}}};
}

const std::string k_own = R"({"own":"20.1.0","npm":"10.8.2","node":"20.1.0","npmRuns":true})";
const std::string k_newer = R"({"own":"20.1.0","npm":"10.8.2","node":"22.3.0","npmRuns":true})";

struct Bench {
    explicit Bench(std::deque<ScriptedCommand> answers) { sandboxes.answers = std::move(answers); }

    Outcome<NodeChoice> find(const std::optional<NodeWish>& wish)
    {
        return versions.find(wish, {.id = "d-1"}, {}, {});
    }

    AskedSandboxes sandboxes;
    FakeClock clock;
    NodeVersions versions{sandboxes, clock};
};

TEST_CASE("the sandbox's own Node is taken where nobody asks for any, or it fits")
{
    Bench bench{{says(k_own), says(k_own)}};

    CHECK(bench.find({}).value() == NodeChoice{"20.1.0", "10.8.2"});
    CHECK(bench.find(NodeWish{"lts/iron", ".nvmrc"}).value() == NodeChoice{"20.1.0", "10.8.2"});

    CHECK(bench.sandboxes.ids == std::vector<std::string>{"d-1", "d-1"});
    CHECK(bench.sandboxes.commands[0].argv.back().empty());
    CHECK(bench.sandboxes.commands[1].argv.back() == "20");
    CHECK(bench.sandboxes.commands[1].directory == "/tmp");
}

TEST_CASE("another Node is the one that npm finds, and is to be fetched")
{
    Bench bench{{says(k_newer)}};

    const auto choice = bench.find(NodeWish{">=22", "`engines` in package.json"});

    CHECK(choice.value() == NodeChoice{"22.3.0", "10.8.2", false, true});
}

TEST_CASE("a Node that is too old for the sandbox's npm gets an npm of its time")
{
    Bench bench{
        {says(R"({"own":"20.1.0","npm":"11.0.0","node":"16.20.2","npmRuns":false})"),
         says(R"({"own":"20.1.0","npm":"11.0.0","node":"18.20.4","npmRuns":false})"),
         says(R"({"own":"20.1.0","npm":"11.0.0","node":"0.12.1","npmRuns":false})")}};

    CHECK(
        bench.find(NodeWish{"16", ".nvmrc"}).value() == NodeChoice{"16.20.2", "9.9.4", false, false}
    );
    CHECK(bench.find(NodeWish{"18", ".nvmrc"})->npm.starts_with("10."));
    const auto ancient = bench.find(NodeWish{"0.12", ".nvmrc"});
    CHECK(ancient.error().code == "node_version_unavailable");
    CHECK_THAT(ancient.error().message, Catch::Contains("too old"));
}

TEST_CASE("what was found is not asked for again until it may have changed")
{
    Bench bench{{says(k_own), says(k_newer), says(k_own), says(k_newer)}};
    const NodeWish newer{">=22", ".nvmrc"};
    bench.find({});
    bench.find(newer);

    bench.clock.advance(9min);
    CHECK(bench.find({})->node == "20.1.0");
    CHECK(bench.find(newer)->node == "22.3.0");
    CHECK(bench.sandboxes.ids.size() == 2);

    bench.clock.advance(2min);
    bench.find({});
    bench.find(newer);
    CHECK(bench.sandboxes.ids.size() == 3);

    bench.clock.advance(24h);
    bench.find(newer);
    CHECK(bench.sandboxes.ids.size() == 4);
}

TEST_CASE("a wish that cannot be met is the user's to change, and says who asked")
{
    struct Case {
        std::string answer;
        std::string says;
    };

    const Case given = GENERATE(values<Case>({
        {R"({"own":"20.1.0","npm":"10.8.2","unreadable":true})", "neither a version"},
        {R"({"own":"20.1.0","npm":"10.8.2","newest":"26.1.0"})", "the newest is 26.1.0"},
    }));
    Bench bench{{says(given.answer), says(k_own)}};

    const auto refused = bench.find(NodeWish{"next week", "apps/web/.nvmrc"});

    REQUIRE(refused.has_error());
    CHECK(refused.error().failure_class == FailureClass::user);
    CHECK(refused.error().code == "node_version_unavailable");
    CHECK_THAT(refused.error().message, Catch::Contains("`next week` (apps/web/.nvmrc)"));
    CHECK_THAT(refused.error().message, Catch::Contains(given.says));
    CHECK(bench.find(NodeWish{"next week", "x"}).has_value());
}

TEST_CASE("a wish that is not text is the user's to change, and nobody is asked")
{
    using namespace std::string_literals;
    Bench bench{{}};

    const auto refused = bench.find(NodeWish{"2\0002\0"s, ".nvmrc"});

    REQUIRE(refused.has_error());
    CHECK(refused.error().failure_class == FailureClass::user);
    CHECK(refused.error().code == "node_version_unavailable");
    CHECK_THAT(refused.error().message, Catch::Contains("`2\uFFFD2\uFFFD` (.nvmrc)"));
    CHECK(bench.sandboxes.ids.empty());
}

TEST_CASE("a search that fails by itself is transient")
{
    Bench failing{{says("", 1), says("no JSON"), {.exit = Error{Errc::unavailable, "gone"}}}};
    for (int tries = 0; tries < 3; ++tries) {
        const auto found = failing.find({});
        REQUIRE(found.has_error());
        CHECK(found.error().failure_class == FailureClass::transient);
    }

    Bench nowhere{{}};
    nowhere.sandboxes.refusal = Error{Errc::unavailable, "no cgroups"};
    CHECK(nowhere.find({}).error().failure_class == FailureClass::transient);
}

TEST_CASE("a plan with a Node fetches it, finds it first, and says so")
{
    BuildPlan plan{
        .toolchain = {.manager = PackageManager::pnpm, .version = "9.15.9"},
        .node_wish = NodeWish{"16", ".nvmrc"},
        .tools = {{.package = "pnpm", .version = "9.15.9"}},
        .install = {{.argv = {"pnpm", "install"}}},
        .build = {{.argv = {"sh", "-c", "make"}}}};

    use_node(plan, {"16.20.2", "9.9.4", false, false});

    REQUIRE(plan.tools.size() == 3);
    CHECK(to_string(plan.tools[0]) == to_string(node_tool("16.20.2")));
    CHECK(to_string(plan.tools[1]) == "npm@9.9.4");
    CHECK(plan.install[0].path == tool_paths(plan.tools));
    CHECK(plan.build[0].path.back() == "/work/node_modules/.bin");
    CHECK(plan.toolchain == Toolchain{PackageManager::pnpm, "9.15.9", "", "16.20.2"});
    CHECK(plan.reasons.back() == "Node: 16.20.2 (`16` is asked for: .nvmrc)");
}

TEST_CASE("a plan with the sandbox's own Node fetches nothing")
{
    BuildPlan plan{.install = {{.argv = {"npm", "ci"}}}};

    use_node(plan, {"20.1.0", "10.8.2"});

    CHECK(plan.tools.empty());
    CHECK(plan.toolchain.version == "10.8.2");
    CHECK(plan.reasons.back() == "Node: 20.1.0, the sandbox's own");
}

TEST_CASE("what was decided before it turned out that there can be no plan is kept")
{
    const testing::ProjectTree tree{
        {{"web/package.json", R"({"dependencies":{"vite":"7"},"scripts":{"build":[]}})"}}};

    const Planned planned = plan_build(tree.manifest, tree.read, {.root_directory = "web"});

    REQUIRE(planned.has_error());
    const BuildRecord record = record_of(planned.error());
    CHECK(record.framework == "vite");
    CHECK(record.root_directory == "web");
    CHECK(record.reasons.size() == 2);
    CHECK(record.output_directory.empty());

    NoPlan node{{}, {.needs_build = true, .build = {{.argv = {"npm", "run", "build"}}}}};
    CHECK(record_of(node).build_command == "npm run build");
}

TEST_CASE("what is kept of a plan is seen from its root directory")
{
    const BuildPlan plan{
        .needs_build = true,
        .framework = "vite",
        .framework_name = "Vite (React)",
        .toolchain = {PackageManager::npm, "10.8.2", "package-lock.json", "20.1.0"},
        .root_directory = "apps/web",
        .install = {{.argv = {"npm", "ci"}}},
        .build = {{.argv = {"sh", "-c", "make site"}}},
        .reasons = {"Because."}};

    CHECK(
        encode_build_record(record_of(plan, "apps/web/dist")) ==
        R"x({"framework":"vite","frameworkName":"Vite (React)","packageManager":"npm",)x"
        R"("packageManagerVersion":"10.8.2","nodeVersion":"20.1.0","rootDirectory":"apps/web",)"
        R"("installCommand":"npm ci","buildCommand":"make site","outputDirectory":"dist",)"
        R"("reasons":["Because."]})"
    );
    CHECK(record_of(plan, "").output_directory.empty());
}

TEST_CASE("what is kept of files that are served as they are names no tools")
{
    CHECK(
        encode_build_record(record_of({.site_directory = "", .framework = "static"}, "")) ==
        R"({"framework":"static","outputDirectory":".","reasons":[]})"
    );
    const BuildPlan below{.site_directory = "web/out", .root_directory = "web"};
    CHECK(record_of(below, "").output_directory == "out");
}

}  // namespace
}  // namespace libra
