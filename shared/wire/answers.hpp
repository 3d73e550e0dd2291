#pragma once

#include "shared/base/clock.hpp"
#include "shared/domain/deployment.hpp"
#include "shared/wire/problem.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// @file The JSON bodies of the HTTP API. Pure functions; keys in the order SPEC gives them.

namespace libra {

/// Every error, from any layer. `details_json` is a JSON value put in as it is; empty for none.
std::string encode_error(
    std::string_view code,
    std::string_view message,
    UtcTime timestamp,
    const std::string& details_json = {}
);

/// `[{"pointer": …, "reason": …}, …]`, for `encode_error`.
std::string encode_problems(const Problems& problems);

/// `{"deploymentId": …}`, for `encode_error` of deployment_in_progress.
std::string encode_blocking_deployment(std::string_view deployment_id);

std::string encode_accepted(std::string_view deployment_id, UtcTime timestamp);

struct StepAnswer {
    StepStatus status{StepStatus::pending};
    std::optional<UtcTime> timestamp{};
    std::optional<std::string> error{};
};

struct StatusAnswer {
    std::string deployment_id{};
    DeploymentStatus status{DeploymentStatus::queued};
    std::optional<StepName> current_step{};
    int progress{};
    std::array<StepAnswer, k_steps.size()> steps{};
    std::vector<std::string> logs{};
    std::optional<std::string> error{};
    std::optional<std::string> url{};
    UtcTime timestamp{};
};

std::string encode_status(const StatusAnswer& answer);

struct HealthAnswer {
    std::string version{};
    std::chrono::milliseconds uptime{};
    bool database_healthy{};
    bool queue_healthy{};
    UtcTime timestamp{};
};

std::string encode_health(const HealthAnswer& answer);

struct ServiceAnswer {
    std::string version{};
    std::vector<std::string> endpoints{};  // `POST /deploy`, …
    UtcTime timestamp{};
};

std::string encode_service(const ServiceAnswer& answer);

}  // namespace libra
