#pragma once

#include "shared/storage/history_store.hpp"

#include <string>
#include <vector>

/// @file The statement that reads one page of deployments, as text: so that a test can ask
/// PostgreSQL how it goes about it.

namespace libra {

struct HistoryQuery {
    std::string sql{};
    std::vector<std::string> parameters{};
};

/// Reads up to `limit` + 1 rows, each with the columns of `k_summary_columns` and `cursor_at`. Does
/// not ask who may see the filter's organisation or project. Pure.
HistoryQuery history_query(
    const Reader& reader,
    const HistoryFilter& filter,
    const std::optional<HistoryPosition>& before,
    int limit
);

/// Of `deployments d join projects p`, as `read_deployment_summary` reads them.
extern const std::string_view k_summary_columns;

}  // namespace libra
