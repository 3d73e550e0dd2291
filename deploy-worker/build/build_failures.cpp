#include "deploy-worker/build/build_failures.hpp"

#include "deploy-worker/diagnosis/output_tail.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <utility>

namespace libra {

namespace {

Failure failure(FailureClass failure_class, std::string code, std::string message)
{
    return Failure{
        .failure_class = failure_class,
        .code = std::move(code),
        .message = std::move(message),
    };
}

std::string mebibytes(std::uint64_t bytes)
{
    return fmt::format("{} MiB", bytes >> 20U);
}

Failure memory_failure(const SandboxLimits& limits, const CommandExit& exit, FailureReport report)
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
            mebibytes(limits.memory_bytes),
            peak
        )
    );
    report.limit = {.resource = "memory", .limit = static_cast<std::int64_t>(limits.memory_bytes)};
    if (exit.peak_memory_bytes != 0) {
        report.limit->reached = static_cast<std::int64_t>(exit.peak_memory_bytes);
    }
    out_of_memory.report = std::move(report);
    return out_of_memory;
}

Failure disk_failure(const SandboxLimits& limits, const CommandExit& exit, FailureReport report)
{
    Failure out_of_disk = failure(
        FailureClass::resource,
        "out_of_disk",
        fmt::format(
            "`{}` filled the build disk (limit: {}, used: {}).",
            report.command,
            mebibytes(limits.disk_bytes),
            mebibytes(exit.disk_bytes)
        )
    );
    report.limit = {
        .resource = "disk",
        .limit = static_cast<std::int64_t>(limits.disk_bytes),
        .reached = static_cast<std::int64_t>(exit.disk_bytes)};
    out_of_disk.report = std::move(report);
    return out_of_disk;
}

Failure files_failure(const CommandExit& exit, FailureReport report)
{
    Failure out_of_files = failure(
        FailureClass::resource,
        "out_of_disk",
        fmt::format(
            "`{}` made too many files for the build disk (limit: {}, used: {}).",
            report.command,
            exit.most_disk_files,
            exit.disk_files
        )
    );
    report.limit = {
        .resource = "files",
        .limit = static_cast<std::int64_t>(exit.most_disk_files),
        .reached = static_cast<std::int64_t>(exit.disk_files)};
    out_of_files.report = std::move(report);
    return out_of_files;
}

Failure process_failure(const SandboxLimits& limits, FailureReport report)
{
    Failure out_of_processes = failure(
        FailureClass::resource,
        "out_of_processes",
        fmt::format(
            "`{}` started more processes and threads than it may have at once (limit: {}, "
            "peak: {}).",
            report.command,
            limits.processes,
            limits.processes
        )
    );
    report.limit = {
        .resource = "processes", .limit = limits.processes, .reached = limits.processes};
    out_of_processes.report = std::move(report);
    return out_of_processes;
}

}  // namespace

std::string_view to_string(BuildPhase phase)
{
    switch (phase) {
    case BuildPhase::fetch:
        return "tools";
    case BuildPhase::install:
        return "install";
    case BuildPhase::build:
        break;
    }
    return "build";
}

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

Failure exit_failure(
    const BuildPlan& plan,
    const SandboxLimits& limits,
    BuildPhase phase,
    const CommandExit& exit,
    FailureReport report
)
{
    report.exit_code = exit.exit_code;
    if (exit.out_of_memory) {
        return memory_failure(limits, exit, std::move(report));
    }
    if (exit.out_of_disk) {
        return exit.disk_files != 0 ? files_failure(exit, std::move(report))
                                    : disk_failure(limits, exit, std::move(report));
    }
    if (exit.out_of_processes) {
        return process_failure(limits, std::move(report));
    }
    const bool installing = phase != BuildPhase::build;
    report.summary = fmt::format(
        "{} failed: `{}` exited with code {}.",
        installing ? "The installation of dependencies" : "The build",
        report.command,
        exit.exit_code
    );
    std::string message = report.summary;
    if (phase == BuildPhase::install && !plan.install_hint.empty()) {
        message += ' ' + plan.install_hint;
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

Failure output_missing(const BuildPlan& plan, const std::string& short_of_processes)
{
    const std::string summary = fmt::format(
        "The build succeeded, but no directory with an index.html was found. Looked for: {}.",
        fmt::join(plan.output_candidates, ", ")
    );
    Failure missing = failure(FailureClass::user, "output_missing", summary);
    missing.report = FailureReport{.phase = "output", .summary = summary};
    if (!plan.output_hint.empty()) {
        missing.message += ' ' + plan.output_hint;
    }
    if (!short_of_processes.empty()) {
        missing.message += ' ' + short_of_processes;
        missing.report->first_errors = {short_of_processes};
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
                "The build output ({}) holds something that cannot be served: {}.",
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

}  // namespace libra
