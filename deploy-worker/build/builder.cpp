#include "deploy-worker/build/builder.hpp"

#include "deploy-worker/build/output_directory.hpp"
#include "deploy-worker/diagnosis/error_scan.hpp"
#include "deploy-worker/diagnosis/output_tail.hpp"
#include "deploy-worker/masking/masking_sink.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace libra {

namespace {

struct Run {
    Sandbox& sandbox;
    const BuildPlan& plan;
    const BuildEnvironment& environment;
    const SandboxLimits& limits;
    BuildOutput output;
    Instant deadline;
    std::stop_token stop;
    const Dependencies& dependencies;
    BuildStatistics statistics{};
    std::string short_of_processes{};  // the sentence about it
};

enum class Phase { fetch, install, build };

Failure failure(FailureClass failure_class, std::string code, std::string message)
{
    return Failure{
        .failure_class = failure_class,
        .code = std::move(code),
        .message = std::move(message),
    };
}

/// What a failed call of the sandbox means, whichever call it was.
Failure sandbox_failure(std::string_view what, const Error& error)
{
    if (error.code == Errc::cancelled) {
        return failure(FailureClass::transient, "stopped", "The build was stopped.");
    }
    if (error.code == Errc::timed_out) {
        return Failure{
            .failure_class = FailureClass::resource,
            .code = "time_limit",
            .message = fmt::format(
                "The time limit of the deployment was reached during {}. Make the build faster, "
                "or ask for a higher limit.",
                what
            ),
            .detail = error.detail,
        };
    }
    return transient_failure(what, error);
}

std::string mebibytes(std::uint64_t bytes)
{
    return fmt::format("{} MiB", bytes >> 20U);
}

std::string_view to_string(Phase phase)
{
    switch (phase) {
    case Phase::fetch:
        return "tools";
    case Phase::install:
        return "install";
    case Phase::build:
        break;
    }
    return "build";
}

FailureReport report_of(
    Phase phase,
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

Failure memory_failure(const Run& run, const CommandExit& exit, FailureReport report)
{
    const std::string peak = exit.peak_memory_bytes == 0
                                 ? std::string{}
                                 : ", peak: " + mebibytes(exit.peak_memory_bytes);
    Failure out_of_memory = failure(
        FailureClass::resource,
        "out_of_memory",
        fmt::format(
            "`{}` ran out of memory (limit: {}{}).",
            report.command,
            mebibytes(run.limits.memory_bytes),
            peak
        )
    );
    report.limit = {
        .resource = "memory", .limit = static_cast<std::int64_t>(run.limits.memory_bytes)};
    if (exit.peak_memory_bytes != 0) {
        report.limit->reached = static_cast<std::int64_t>(exit.peak_memory_bytes);
    }
    out_of_memory.report = std::move(report);
    return out_of_memory;
}

Failure disk_failure(const Run& run, const CommandExit& exit, FailureReport report)
{
    Failure out_of_disk = failure(
        FailureClass::resource,
        "out_of_disk",
        fmt::format(
            "`{}` filled the build disk (limit: {}, used: {}).",
            report.command,
            mebibytes(run.limits.disk_bytes),
            mebibytes(exit.disk_bytes)
        )
    );
    report.limit = {
        .resource = "disk",
        .limit = static_cast<std::int64_t>(run.limits.disk_bytes),
        .reached = static_cast<std::int64_t>(exit.disk_bytes)};
    out_of_disk.report = std::move(report);
    return out_of_disk;
}

Failure process_failure(const Run& run, FailureReport report)
{
    Failure out_of_processes = failure(
        FailureClass::resource,
        "out_of_processes",
        fmt::format(
            "`{}` started more processes and threads than it may have at once (limit: {}, "
            "peak: {}).",
            report.command,
            run.limits.processes,
            run.limits.processes
        )
    );
    report.limit = {
        .resource = "processes", .limit = run.limits.processes, .reached = run.limits.processes};
    out_of_processes.report = std::move(report);
    return out_of_processes;
}

Failure exit_failure(const Run& run, Phase phase, const CommandExit& exit, FailureReport report)
{
    report.exit_code = exit.exit_code;
    if (exit.out_of_memory) {
        return memory_failure(run, exit, std::move(report));
    }
    if (exit.out_of_disk) {
        return disk_failure(run, exit, std::move(report));
    }
    if (exit.out_of_processes) {
        return process_failure(run, std::move(report));
    }
    const bool installing = phase != Phase::build;
    report.summary = fmt::format(
        "{} failed: `{}` exited with code {}.",
        installing ? "The installation of dependencies" : "The build",
        report.command,
        exit.exit_code
    );
    std::string message = report.summary;
    if (phase == Phase::install && !run.plan.install_hint.empty()) {
        message += ' ' + run.plan.install_hint;
    }
    for (const std::string& line : report.first_errors) {
        message += '\n' + line;
    }
    Failure failed = failure(
        FailureClass::user, installing ? "install_failed" : "build_failed", std::move(message)
    );
    failed.report = std::move(report);
    return failed;
}

/// Of a command that ended well all the same.
std::string said_of_processes(const Run& run, const SandboxCommand& command)
{
    return fmt::format(
        "Warning: `{}` wanted more processes and threads than it may have at once ({}); some were "
        "not started.",
        shown(command),
        run.limits.processes
    );
}

/// What is fetched before the install depends on nothing of the project.
SandboxCommand with_variables(SandboxCommand command, const Run& run, Phase phase)
{
    if (phase == Phase::fetch) {
        return command;
    }
    const auto& variables = run.environment.variables;
    command.environment.insert(command.environment.begin(), variables.begin(), variables.end());
    return command;
}

Outcome<std::chrono::milliseconds>
run_all(Run& run, Phase phase, const std::vector<SandboxCommand>& commands)
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
                phase == Phase::build ? "the build" : "the installation of dependencies",
                exit.error()
            );
            failed.report = report_of(phase, command, errors, tail);
            return failed;
        }
        run.statistics.peak_memory_bytes =
            std::max(run.statistics.peak_memory_bytes, exit->peak_memory_bytes);
        if (exit->exit_code != 0) {
            return exit_failure(run, phase, *exit, report_of(phase, command, errors, tail));
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

Failure output_missing(const Run& run)
{
    const BuildPlan& plan = run.plan;
    std::string message = fmt::format(
        "The build succeeded, but no directory with an index.html was found. Looked for: {}.",
        fmt::join(plan.output_candidates, ", ")
    );
    if (!plan.output_hint.empty()) {
        message += ' ' + plan.output_hint;
    }
    Failure missing = failure(FailureClass::user, "output_missing", std::move(message));
    missing.report = FailureReport{
        .phase = "output",
        .summary = fmt::format(
            "The build succeeded, but no directory with an index.html was found. Looked for: {}.",
            fmt::join(plan.output_candidates, ", ")
        )};
    if (!run.short_of_processes.empty()) {
        missing.message += ' ' + run.short_of_processes;
        missing.report->first_errors = {run.short_of_processes};
    }
    return missing;
}

Failure collect_failure(
    const std::string& directory,
    const Sandbox::CollectLimits& limits,
    const Error& error
)
{
    switch (error.code) {
    case Errc::rejected:
        return failure(
            FailureClass::user,
            "output_rejected",
            fmt::format(
                "The build output ({}) holds something that cannot be served: {}. Only regular "
                "files and directories can be deployed.",
                directory,
                printable(error.detail)
            )
        );
    case Errc::limit_exceeded:
        return failure(
            FailureClass::user,
            "output_too_large",
            fmt::format(
                "The build output ({}) is too large: {}. At most {} files, {} in all and {} a "
                "file can be deployed.",
                directory,
                printable(error.detail),
                limits.files,
                mebibytes(limits.bytes),
                mebibytes(limits.file_bytes)
            )
        );
    default:
        return sandbox_failure("the collection of the build output", error);
    }
}

Outcome<std::chrono::milliseconds> install(Run& run)
{
    std::chrono::milliseconds spent{};
    if (!run.dependencies.tools_present) {
        const auto fetched = run_all(run, Phase::fetch, fetch_commands(run.plan.tools));
        if (fetched.has_error()) {
            return fetched.error();
        }
        spent += *fetched;
    }
    if (run.dependencies.present) {
        const auto ran = run_all(run, Phase::install, run.dependencies.scripts);
        return ran.has_error() ? ran : spent + *ran;
    }
    const auto installed = run_all(run, Phase::install, run.plan.install);
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
    const auto built = run_all(run, Phase::build, run.plan.build);
    if (built.has_error()) {
        return built.error();
    }
    run.statistics.install = *installed;
    run.statistics.build = *built;

    const auto directory = find_output_directory(run.sandbox, run.plan.output_candidates);
    const Sandbox::CollectLimits collect_limits;
    if (directory.has_error()) {
        return collect_failure("a directory of it", collect_limits, directory.error());
    }
    if (!*directory) {
        return output_missing(run);
    }
    run.output.platform.line(
        OutputStream::out, masked(run.environment.secrets, "Output directory: " + **directory)
    );
    const auto collected = run.sandbox.collect(**directory, into, collect_limits);
    if (collected.has_error()) {
        return collect_failure(**directory, collect_limits, collected.error());
    }
    run.statistics.output_directory = **directory;
    return run.statistics;
}

}  // namespace

Outcome<BuildStatistics> run_build(
    Sandbox& sandbox,
    const BuildPlan& plan,
    const BuildEnvironment& environment,
    const SandboxLimits& limits,
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
