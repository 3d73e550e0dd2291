#include "deploy-worker/build/builder.hpp"

#include "deploy-worker/masking/secret_forms.hpp"
#include "tests/support/recording_lines.hpp"
#include "tests/support/scripted_sandbox.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace libra {
namespace {

using testing::RecordingLines;
using testing::ScriptedCommand;
using testing::ScriptedSandbox;
using testing::TemporaryDirectory;

BuildPlan npm_plan()
{
    return {
        .needs_build = true,
        .install = {{.argv = {"npm", "ci"}}},
        .build = {{.argv = {"npm", "run", "build"}}},
        .output_candidates = {"dist", "build"},
        .install_hint = "Mend the lock file.",
        .output_hint = "Set output.",
    };
}

ScriptedCommand ends_with(CommandExit exit, std::map<std::string, std::string> writes = {})
{
    return {.exit = exit, .writes = std::move(writes)};
}

struct Bench {
    explicit Bench(std::deque<ScriptedCommand> script) : sandbox{std::move(script)} {}

    Outcome<BuildStatistics> run(const BuildPlan& plan = npm_plan())
    {
        return run_build(sandbox, plan, environment, limits, into.path(), {output, output}, {}, {});
    }

    BuildLimits limits;
    BuildEnvironment environment;
    ScriptedSandbox sandbox;
    TemporaryDirectory into;
    RecordingLines output;
};

TEST_CASE("a build installs, builds and brings out the first directory with a page")
{
    Bench bench{{
        ends_with({.peak_memory_bytes = 300, .duration = 7s}, {{"dist/empty.txt", ""}}),
        ends_with(
            {.peak_memory_bytes = 200, .duration = 3s},
            {{"build/index.html", "<h1>"}, {"build/assets/a.js", "1"}}
        ),
    }};

    const auto built = bench.run();

    REQUIRE(built.has_value());
    CHECK(built->install == 7s);
    CHECK(built->build == 3s);
    CHECK(built->peak_memory_bytes == 300);
    CHECK(bench.sandbox.collected() == std::vector<std::string>{"build"});
    CHECK(std::filesystem::exists(bench.into.path() / "assets/a.js"));
    CHECK(
        bench.output.out() ==
        std::vector<std::string>{"$ npm ci", "$ npm run build", "Output directory: build"}
    );
}

TEST_CASE("tools are fetched first, and know nothing of the project's variables")
{
    Bench bench{{ends_with({}), ends_with({}), ends_with({}, {{"dist/index.html", ""}})}};
    bench.environment.variables = {"npm_config_registry=https://packages.example"};
    BuildPlan plan = npm_plan();
    plan.tools = {{.package = "pnpm", .version = "9.15.9"}};

    REQUIRE(bench.run(plan).has_value());

    CHECK(bench.output.out().front() == "$ npm install --global pnpm@9.15.9");
    CHECK(bench.sandbox.commands()[0].environment.empty());
    CHECK(bench.sandbox.commands()[1].environment.size() == 1);
}

TEST_CASE("a build whose dependencies are there installs nothing, and fetches nothing")
{
    Bench bench{{ends_with({.duration = 3s}, {{"dist/index.html", ""}})}};
    BuildPlan plan = npm_plan();
    plan.tools = {{.package = "pnpm", .version = "9.15.9"}};

    const auto built = run_build(
        bench.sandbox,
        plan,
        bench.environment,
        {},
        bench.into.path(),
        {bench.output, bench.output},
        {},
        {},
        {.present = true, .tools_present = true}
    );

    REQUIRE(built.has_value());
    CHECK(built->install == 0s);
    CHECK(bench.sandbox.commands().size() == 1);
}

TEST_CASE("dependencies are offered for keeping once they are installed, and before the build")
{
    const int code = GENERATE(0, 1);
    Bench bench{{
        ends_with({.exit_code = code, .duration = 7s}),
        ends_with({.duration = 3s}, {{"dist/index.html", ""}}),
    }};
    std::vector<std::pair<std::chrono::milliseconds, std::size_t>> offers;
    Result<void> answer{};
    SECTION("they are kept") {}
    SECTION("the sandbox does not survive that")
    {
        answer = Error{Errc::unavailable, "gone"};
    }

    const auto built = run_build(
        bench.sandbox,
        npm_plan(),
        bench.environment,
        {},
        bench.into.path(),
        {bench.output, bench.output},
        {},
        {},
        {.installed =
             [&](std::chrono::milliseconds spent) {
                 offers.emplace_back(spent, bench.sandbox.commands().size());
                 return answer;
             }}
    );

    if (code != 0) {
        CHECK(offers.empty());
    } else {
        CHECK(offers == decltype(offers){{7s, 1}});
        CHECK(built.has_value() == answer.has_value());
    }
}

TEST_CASE("a star in a candidate stands for the directory that has the page")
{
    Bench bench{{}};
    bench.sandbox.put_file("dist/notes/readme.txt", "");
    bench.sandbox.put_file("dist/shop/browser/index.html", "");
    BuildPlan plan = npm_plan();
    plan.output_candidates = {"dist/*/browser", "dist"};

    REQUIRE(bench.run(plan).has_value());

    CHECK(bench.sandbox.collected() == std::vector<std::string>{"dist/shop/browser"});
}

TEST_CASE("a failed install is the user's, with the command, the hint and the last lines")
{
    Bench bench{{{
        .exit = CommandExit{.exit_code = 1},
        .lines = {{OutputStream::out, "working"}, {OutputStream::err, "npm error lock"}},
    }}};

    const auto built = bench.run();

    REQUIRE(built.has_error());
    CHECK(built.error().failure_class == FailureClass::user);
    CHECK(built.error().code == "install_failed");
    CHECK(
        built.error().message ==
        "The installation of dependencies failed: `npm ci` exited with code 1. Mend the lock file."
        "\nnpm error lock"
    );
    CHECK(bench.sandbox.commands().size() == 1);
}

TEST_CASE("a failed build says its exit code and its last lines")
{
    Bench bench{{
        ends_with({}),
        {.exit = CommandExit{.exit_code = 2}, .lines = {{OutputStream::err, "no such module"}}},
    }};

    const auto built = bench.run();

    REQUIRE(built.has_error());
    CHECK(built.error().failure_class == FailureClass::user);
    CHECK(built.error().code == "build_failed");
    CHECK(
        built.error().message ==
        "The build failed: `npm run build` exited with code 2.\nno such module"
    );
    CHECK(bench.sandbox.collected().empty());
}

TEST_CASE("memory, disk and processes that ran out are resource failures with the limit")
{
    Bench memory{{
        ends_with({}),
        ends_with({.exit_code = 137, .out_of_memory = true, .peak_memory_bytes = 2047ULL << 20U}),
    }};
    const auto killed = memory.run();
    REQUIRE(killed.has_error());
    CHECK(killed.error().failure_class == FailureClass::resource);
    CHECK(killed.error().code == "out_of_memory");
    CHECK(killed.error().message.find("limit: 2048 MiB, peak: 2047 MiB") != std::string::npos);

    Bench disk{{ends_with({.exit_code = 1, .out_of_disk = true, .disk_bytes = 4095ULL << 20U})}};
    const auto full = disk.run();
    REQUIRE(full.has_error());
    CHECK(full.error().failure_class == FailureClass::resource);
    CHECK(full.error().code == "out_of_disk");
    CHECK(full.error().message.find("limit: 4096 MiB, used: 4095 MiB") != std::string::npos);

    Bench files{{ends_with(
        {.exit_code = 1,
         .out_of_disk = true,
         .disk_bytes = 5ULL << 20U,
         .disk_files = 262'121,
         .most_disk_files = 262'144}
    )}};
    const auto too_many = files.run();
    REQUIRE(too_many.has_error());
    CHECK(too_many.error().failure_class == FailureClass::resource);
    CHECK(too_many.error().code == "out_of_disk");
    CHECK_THAT(
        too_many.error().message,
        Catch::Contains("too many files") && Catch::Contains("limit: 262144, used: 262121")
    );
    CHECK(
        too_many.error().report->limit ==
        LimitHit{.resource = "files", .limit = 262'144, .reached = 262'121}
    );

    Bench processes{{ends_with({.exit_code = 1, .out_of_processes = true})}};
    const auto refused = processes.run();
    REQUIRE(refused.has_error());
    CHECK(refused.error().failure_class == FailureClass::resource);
    CHECK(refused.error().code == "out_of_processes");

    Bench fork_bomb{
        {ends_with({}), ends_with({.exit_code = 0, .out_of_processes = true}, {{"dist/x", ""}})}};
    const auto made_nothing = fork_bomb.run();
    REQUIRE(made_nothing.has_error());
    CHECK(made_nothing.error().code == "output_missing");
    CHECK_THAT(made_nothing.error().message, Catch::Contains("wanted more processes"));
    CHECK_THAT(fork_bomb.output.text(), Catch::Contains("wanted more processes"));
    CHECK(refused.error().message.find("limit: 512") != std::string::npos);
}

TEST_CASE("the exit code decides: a build that ends well in spite of a killed process is good")
{
    Bench bench{{
        ends_with({.out_of_memory = true}),
        ends_with({.out_of_disk = true}, {{"dist/index.html", ""}}),
    }};

    CHECK(bench.run().has_value());
}

TEST_CASE("a sandbox that ends a command says why the build is over")
{
    struct Case {
        Errc error;
        std::string code;
        FailureClass failure_class;
    };

    const Case given = GENERATE(values<Case>({
        {Errc::timed_out, "time_limit", FailureClass::resource},
        {Errc::cancelled, "stopped", FailureClass::transient},
        {Errc::unavailable, "platform_error", FailureClass::transient},
    }));
    Bench bench{{{.exit = Error{given.error, "inner"}}}};

    const auto built = bench.run();

    REQUIRE(built.has_error());
    CHECK(built.error().code == given.code);
    CHECK(built.error().failure_class == given.failure_class);
    CHECK(built.error().message.find("inner") == std::string::npos);
}

TEST_CASE("a build without a page says what was looked for and what helps")
{
    Bench bench{{ends_with({}), ends_with({}, {{"dist/main.js", ""}})}};

    const auto built = bench.run();

    REQUIRE(built.has_error());
    CHECK(built.error().failure_class == FailureClass::user);
    CHECK(built.error().code == "output_missing");
    CHECK(built.error().message.find("dist, build. Set output.") != std::string::npos);
}

TEST_CASE("output that may not be collected is the user's to mend")
{
    struct Case {
        Errc error;
        std::string code;
    };

    const Case given = GENERATE(values<Case>({
        {Errc::rejected, "output_rejected"},
        {Errc::limit_exceeded, "output_too_large"},
    }));
    Bench bench{{ends_with({}), ends_with({}, {{"dist/index.html", ""}})}};
    bench.sandbox.fail_collect({given.error, "a/b is a symbolic link"});

    const auto built = bench.run();

    REQUIRE(built.has_error());
    CHECK(built.error().failure_class == FailureClass::user);
    CHECK(built.error().code == given.code);
    CHECK_THAT(built.error().message, !Catch::Contains("Only regular files"));
}

TEST_CASE("output that is too large is told with the limits that are set")
{
    Bench bench{{ends_with({}), ends_with({}, {{"dist/index.html", ""}})}};
    bench.limits.output = {.files = 50'000, .bytes = 7U << 20U, .file_bytes = 2U << 20U};
    bench.sandbox.fail_collect({Errc::limit_exceeded, "more than 50000 files and directories"});

    const auto built = bench.run();

    CHECK(bench.sandbox.collect_limits().files == 50'000);
    CHECK(bench.sandbox.collect_limits().bytes == 7U << 20U);
    CHECK(bench.sandbox.collect_limits().file_bytes == 2U << 20U);
    REQUIRE(built.has_error());
    CHECK_THAT(
        built.error().message,
        Catch::Contains("At most 50000 files, 7 MiB in all and 2 MiB a file can be deployed")
    );
}

TEST_CASE("a collection that fails by itself is transient")
{
    Bench bench{{ends_with({}), ends_with({}, {{"dist/index.html", ""}})}};
    bench.sandbox.fail_collect({Errc::unavailable, "disk"});

    CHECK(bench.run().error().failure_class == FailureClass::transient);
}

TEST_CASE("the commands of a build find the project's variables before their own")
{
    Bench bench{{ends_with({}), ends_with({}, {{"dist/index.html", ""}})}};
    bench.environment.variables = {"API=https://api.example", "TOKEN=hush-hush"};
    BuildPlan plan = npm_plan();
    plan.build[0].environment = {"TOOL=1"};

    REQUIRE(bench.run(plan).has_value());

    CHECK(
        bench.sandbox.commands()[0].environment ==
        std::vector<std::string>{"API=https://api.example", "TOKEN=hush-hush"}
    );
    CHECK(bench.sandbox.commands()[1].environment.back() == "TOOL=1");
    CHECK(bench.output.text().find("hush") == std::string::npos);
}

TEST_CASE("no secret of a build comes out through its output or its failure")
{
    Bench bench{{
        {.exit = CommandExit{},
         .lines = {{OutputStream::out, "token aHVzaC1odXNo"}, {OutputStream::out, "hush-"}}},
        {.exit = CommandExit{.exit_code = 1},
         .lines = {{OutputStream::err, "no access with hush-"}, {OutputStream::err, "hush"}}},
    }};
    bench.environment.secrets = patterns_of({"hush-hush"});

    const auto built = bench.run();

    CHECK(built.error().code == "build_failed");
    CHECK_THAT(built.error().message, Catch::Contains("no access with [redacted]"));
    CHECK_THAT(built.error().message, !Catch::Contains("hush"));
    CHECK_THAT(bench.output.text(), Catch::Contains("token [redacted]"));
    CHECK_THAT(bench.output.text(), !Catch::Contains("[redacted]hush"));
    CHECK(bench.output.out().back() == "$ npm run build");
}

TEST_CASE("a secret in the name of a file does not come out through a failure")
{
    Bench bench{{ends_with({}), ends_with({}, {{"dist/index.html", ""}})}};
    bench.environment.secrets = patterns_of({"hush-hush"});
    bench.sandbox.fail_collect({Errc::rejected, "dist/hush-hush is a link"});

    const auto built = bench.run();

    CHECK(built.error().code == "output_rejected");
    CHECK_THAT(built.error().message, Catch::Contains("[redacted] is a link"));
    CHECK_THAT(built.error().message, !Catch::Contains("hush-hush"));
}

}  // namespace
}  // namespace libra
