#include "deploy-worker/build/builder.hpp"

#include "deploy-worker/build/build_failures.hpp"
#include "deploy-worker/build/output_directory.hpp"
#include "deploy-worker/diagnosis/error_scan.hpp"
#include "deploy-worker/diagnosis/output_tail.hpp"
#include "deploy-worker/masking/masking_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace libra {

namespace {

struct Run {
    Sandbox& sandbox;
    const BuildPlan& plan;
    const BuildEnvironment& environment;
    const BuildLimits& limits;
    BuildOutput output;
    Instant deadline;
    std::stop_token stop;
    const Dependencies& dependencies;
    BuildStatistics statistics{};
    std::string short_of_processes{};  // the sentence about it
};

FailureReport report_of(
    BuildPhase phase,
    const SandboxCommand& command,
    const ErrorScan& errors,
    const OutputTail& tail
)
{
    return {
        .phase = std::string{to_string(phase)},
        .command = shown(command),
        .first_errors = errors.first_errors().empty() ? tail.lines() : errors.first_errors(),
        .recognized = errors.recognized(),
    };
}

/// Of a command that ended well all the same.
std::string said_of_processes(const Run& run, const SandboxCommand& command)
{
    return fmt::format(
        "Warning: `{}` wanted more processes and threads than it may have at once ({}); some were "
        "not started.",
        shown(command),
        run.limits.sandbox.processes
    );
}

/// What is fetched before the install depends on nothing of the project.
SandboxCommand with_variables(SandboxCommand command, const Run& run, BuildPhase phase)
{
    if (phase == BuildPhase::fetch) {
        return command;
    }
    const auto& variables = run.environment.variables;
    command.environment.insert(command.environment.begin(), variables.begin(), variables.end());
    return command;
}

Outcome<std::chrono::milliseconds>
run_all(Run& run, BuildPhase phase, const std::vector<SandboxCommand>& commands)
{
    std::chrono::milliseconds spent{};
    for (const SandboxCommand& command : commands) {
        run.output.platform.line(OutputStream::out, "$ " + shown(command));
        OutputTail tail{run.output.commands};
        ErrorScan errors{tail};
        MaskingSink masking{run.environment.secrets, errors};
        const auto exit =
            run.sandbox.run(with_variables(command, run, phase), masking, run.deadline, run.stop);
        masking.finish();
        if (exit.has_error()) {
            Failure failed = sandbox_failure(
                phase == BuildPhase::build ? "the build" : "the installation of dependencies",
                exit.error()
            );
            failed.report = report_of(phase, command, errors, tail);
            return failed;
        }
        run.statistics.peak_memory_bytes =
            std::max(run.statistics.peak_memory_bytes, exit->peak_memory_bytes);
        if (exit->exit_code != 0) {
            return exit_failure(
                run.plan, run.limits.sandbox, phase, *exit, report_of(phase, command, errors, tail)
            );
        }
        if (exit->out_of_processes) {
            run.short_of_processes = said_of_processes(run, command);
            run.output.platform.line(OutputStream::err, run.short_of_processes);
        }
        spent += exit->duration;
    }
    return spent;
}

std::vector<SandboxCommand> fetch_commands(const std::vector<Tool>& tools)
{
    std::vector<SandboxCommand> commands;
    commands.reserve(tools.size());
    for (const Tool& tool : tools) {
        commands.push_back(fetch_command(tool, tool_directory(tool)));
    }
    return commands;
}

Outcome<std::chrono::milliseconds> install(Run& run)
{
    std::chrono::milliseconds spent{};
    if (!run.dependencies.tools_present) {
        const auto fetched = run_all(run, BuildPhase::fetch, fetch_commands(run.plan.tools));
        if (fetched.has_error()) {
            return fetched.error();
        }
        spent += *fetched;
    }
    if (run.dependencies.present) {
        const auto ran = run_all(run, BuildPhase::install, run.dependencies.scripts);
        return ran.has_error() ? ran : spent + *ran;
    }
    const auto installed = run_all(run, BuildPhase::install, run.plan.install);
    if (installed.has_error()) {
        return installed.error();
    }
    spent += *installed;
    if (run.dependencies.installed) {
        if (const auto kept = run.dependencies.installed(spent); kept.has_error()) {
            return sandbox_failure("the keeping of the dependencies", kept.error());
        }
    }
    return spent;
}

Outcome<BuildStatistics> build_into(Run& run, const std::filesystem::path& into)
{
    const auto installed = install(run);
    if (installed.has_error()) {
        return installed.error();
    }
    const auto built = run_all(run, BuildPhase::build, run.plan.build);
    if (built.has_error()) {
        return built.error();
    }
    run.statistics.install = *installed;
    run.statistics.build = *built;

    const auto directory = find_output_directory(run.sandbox, run.plan.output_candidates);
    if (directory.has_error()) {
        return collect_failure("a directory of it", run.limits.output, directory.error());
    }
    if (!*directory) {
        return output_missing(run.plan, run.short_of_processes);
    }
    run.output.platform.line(
        OutputStream::out, masked(run.environment.secrets, "Output directory: " + **directory)
    );
    const auto collected = run.sandbox.collect(**directory, into, run.limits.output);
    if (collected.has_error()) {
        return collect_failure(**directory, run.limits.output, collected.error());
    }
    run.statistics.output_directory = **directory;
    return run.statistics;
}

}  // namespace

Outcome<BuildStatistics> run_build(
    Sandbox& sandbox,
    const BuildPlan& plan,
    const BuildEnvironment& environment,
    const BuildLimits& limits,
    const std::filesystem::path& into,
    BuildOutput output,
    Instant deadline,
    std::stop_token stop,
    const Dependencies& dependencies
)
{
    Run run{sandbox, plan, environment, limits, output, deadline, std::move(stop), dependencies};
    Outcome<BuildStatistics> built = build_into(run, into);
    if (built.has_error()) {
        // The names of its files are a build's to choose as well.
        Failure failure = built.error();
        failure.message = masked(environment.secrets, failure.message);
        failure.detail = masked(environment.secrets, failure.detail);
        return failure;
    }
    return built;
}

}  // namespace libra
