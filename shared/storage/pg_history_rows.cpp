#include "shared/storage/pg_history_rows.hpp"

#include "shared/storage/pg_values.hpp"

#include <algorithm>
#include <string>

namespace libra {

namespace {

/// From `validate=completed sync=in_progress …`.
StepStatuses read_statuses(std::string_view words)
{
    StepStatuses statuses{};
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        const std::string_view word = words.substr(0, end);
        const std::size_t equals = word.find('=');
        statuses.at(step_index(word.substr(0, equals))) =
            parse_step_status(word.substr(equals + 1)).value();
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return statuses;
}

}  // namespace

std::size_t step_index(std::string_view word)
{
    const auto place = std::find(k_steps.begin(), k_steps.end(), parse_step_name(word).value());
    return static_cast<std::size_t>(place - k_steps.begin());
}

DeploymentSummary read_deployment_summary(const pqxx::row& row)
{
    const std::optional<std::string> failure_class = optional_text(row["failure_class"]);
    return {
        .id = row["id"].as<std::string>(),
        .project_id = row["project_id"].as<std::string>(),
        .org_id = row["org_id"].as<std::string>(),
        .user_id = row["user_id"].as<std::string>(),
        .status = parse_deployment_status(row["status"].as<std::string>()).value(),
        .steps = read_statuses(row["steps"].as<std::string>("")),
        .failure_class = failure_class ? parse_failure_class(*failure_class) : std::nullopt,
        .error_code = optional_text(row["error_code"]),
        .error = optional_text(row["error"]),
        .url = optional_text(row["url"]),
        .preview_url = optional_text(row["preview_url"]),
        .live = row["live"].as<bool>(),
        .kind = parse_deployment_kind(row["kind"].as<std::string>()).value(),
        .source_id = optional_text(row["source_deployment"]),
        .created_at = utc_time(row["created_at"]),
        .started_at = optional_time(row["started_at"]),
        .finished_at = optional_time(row["finished_at"])};
}

}  // namespace libra
