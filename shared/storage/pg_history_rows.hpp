#pragma once

#include "shared/storage/deployment_history.hpp"

#include <pqxx/result>

#include <cstddef>
#include <string_view>

/// @file Rows of the history as our types.

namespace libra {

/// A row with the columns of `k_summary_columns`.
DeploymentSummary read_deployment_summary(const pqxx::row& row);

/// Where a step stands in k_steps. Throws for a word that is no step.
std::size_t step_index(std::string_view word);

}  // namespace libra
