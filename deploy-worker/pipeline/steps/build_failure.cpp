#include "deploy-worker/pipeline/steps/build_failure.hpp"

#include "deploy-worker/build/output_survey.hpp"
#include "deploy-worker/diagnosis/explanation.hpp"
#include "deploy-worker/masking/masking_sink.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <utility>

namespace libra {

namespace {

/// Regular files that we wrote ourselves, so nothing of a build's doing is opened.
std::optional<std::string> read_of(const Job& job, const std::string& path)
{
    constexpr std::uint64_t k_most_bytes = 16U << 20U;
    const auto blob = job.source.find(path);
    if (blob == job.source.end() || blob->second.bytes > k_most_bytes) {
        return std::nullopt;
    }
    std::ifstream file{job.tree / path, std::ios::binary};
    if (!file) {
        return std::nullopt;
    }
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

ProjectView view_of(const Job& job, const SandboxLimits& limits)
{
    ProjectView view{
        .tree = job.source,
        .read = [&job](const std::string& path) { return read_of(job, path); },
        .memory_bytes = limits.memory_bytes,
    };
    if (job.plan && job.plan->has_value()) {
        const BuildPlan& plan = **job.plan;
        view.root = plan.root_directory;
        view.manager = to_string(plan.toolchain.manager);
        view.node_version = plan.toolchain.node;
    }
    return view;
}

/// The message of a plan that could not be made says cause and fix itself.
void add_plan_cause(const Failure& failure, FailureReport& report)
{
    report.cause = failure.code == "no_build_script" ? "missing_script" : failure.code;
}

/// What failed, why, and the first lines of it.
std::string message_of(const FailureReport& report)
{
    std::string message = report.summary + ' ' + report.likely_cause + ' ' + report.fix;
    for (const std::string& line : report.first_errors) {
        message += '\n' + line;
    }
    return message;
}

void mask(Failure& failure, const PatternSet& secrets)
{
    FailureReport& report = *failure.report;
    for (std::string* text :
         {&failure.message, &report.summary, &report.command, &report.likely_cause, &report.fix}) {
        *text = masked(secrets, *text);
    }
    for (std::string& line : report.first_errors) {
        line = masked(secrets, line);
    }
}

}  // namespace

Failure explained(Failure failure, Job& job, const BuildCircumstances& circumstances)
{
    if (failure.failure_class != FailureClass::user &&
        failure.failure_class != FailureClass::resource) {
        return failure;
    }
    if (!failure.report) {
        const bool planned = job.plan && job.plan->has_value();
        failure.report = FailureReport{.phase = planned ? "artifact" : "plan"};
    }
    FailureReport& report = *failure.report;
    if (report.summary.empty()) {
        report.summary = failure.message.substr(0, failure.message.find('\n'));
    }
    if (failure.code == "time_limit") {
        report.limit = {.resource = "time", .limit = circumstances.allowed.count()};
    }
    ProjectView view = view_of(job, circumstances.limits);
    if (failure.code == "output_missing" && job.sandbox) {
        OutputSurvey survey = survey_output(*job.sandbox, job.source);
        view.pages = std::move(survey.pages);
        view.made = std::move(survey.made);
    }
    if (report.phase == "plan") {
        add_plan_cause(failure, report);
    } else {
        explain(report, view);
    }
    if (!report.likely_cause.empty()) {
        failure.message = message_of(report);
    }
    mask(failure, circumstances.secrets);
    return failure;
}

}  // namespace libra
