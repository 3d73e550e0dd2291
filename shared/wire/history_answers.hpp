#pragma once

#include "shared/base/clock.hpp"
#include "shared/domain/failure.hpp"
#include "shared/domain/progress.hpp"
#include "shared/domain/site_manifest.hpp"
#include "shared/wire/attempt_answer.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// @file The JSON bodies of GET /deployments, /deployments/{id}, /deployments/{id}/files and
/// /deployments/{id}/logs. Pure functions.

namespace libra {

struct DeploymentAnswer {
    std::string id{};
    std::string project_id{};
    std::string org_id{};
    std::string user_id{};
    DeploymentStatus status{DeploymentStatus::queued};
    StepStatuses steps{};  // current step and progress are made of these
    std::optional<FailureClass> failure_class{};
    std::optional<std::string> error_code{};
    std::optional<std::string> error{};
    std::optional<std::string> url{};
    std::optional<std::string> preview_url{};
    bool live{};
    DeploymentKind kind{DeploymentKind::deploy};
    std::optional<std::string> source_id{};
    UtcTime created_at{};
    std::optional<UtcTime> started_at{};
    std::optional<UtcTime> finished_at{};
};

struct DeploymentsAnswer {
    std::vector<DeploymentAnswer> deployments{};
    std::optional<std::string> next_cursor{};
    UtcTime timestamp{};
};

std::string encode_deployments(const DeploymentsAnswer& answer);

struct StepHistoryAnswer {
    StepStatus status{StepStatus::pending};
    std::optional<UtcTime> started_at{};
    std::optional<UtcTime> finished_at{};
    std::optional<std::int64_t> attempt{};
    std::optional<std::string> error{};
};

struct ArtifactAnswer {
    std::string digest{};
    std::int64_t files{};
    std::int64_t bytes{};
};

struct DeploymentFilesAnswer {
    std::string deployment_id{};
    ArtifactAnswer artifact{};
    std::vector<SiteManifestFile> files{};
    std::optional<std::string> next_cursor{};
    UtcTime timestamp{};
};

std::string encode_deployment_files(const DeploymentFilesAnswer& answer);

struct DeploymentDetailAnswer {
    DeploymentAnswer summary{};
    std::int64_t generation{};
    std::vector<AttemptAnswer> attempts{};
    std::array<StepHistoryAnswer, k_steps.size()> steps{};
    std::optional<std::string> build{};  // as JSON, see build_record.hpp
    std::optional<ArtifactAnswer> artifact{};
    std::optional<std::string> failure_json{};  // one object, as encode_failure_report writes it
};

std::string encode_deployment(const DeploymentDetailAnswer& answer);

struct LogLineAnswer {
    std::int64_t seq{};
    UtcTime at{};
    std::string step{};
    std::string stream{};
    std::string line{};
};

/// One object, without a line end.
std::string encode_log_line(const LogLineAnswer& line);

struct LogAnswer {
    std::string deployment_id{};
    std::vector<LogLineAnswer> lines{};
    std::int64_t next_after{};
    bool finished{};
    UtcTime timestamp{};
};

std::string encode_log(const LogAnswer& answer);

}  // namespace libra
