#include "api-gateway/history/history_query.hpp"

#include "api-gateway/api/query_reader.hpp"
#include "shared/domain/rules.hpp"

#include <fmt/format.h>

#include <utility>

namespace libra {

std::variant<DeploymentsQuery, Problems> parse_deployments_query(const HttpRequest& request)
{
    constexpr int k_usual_limit = 50;
    QueryReader reader{request};
    DeploymentsQuery query;
    query.filter.project_id = reader.id("projectId");
    query.filter.org_id = reader.id("orgId");
    query.filter.status = reader.read(
        "status",
        parse_deployment_status,
        "must be one of queued, in_progress, completed, failed, cancelled"
    );
    query.limit = reader.limit(k_usual_limit);
    query.before =
        reader.read("cursor", parse_cursor, "must be the nextCursor of an earlier answer");
    if (Problems problems = std::move(reader).finish(); !problems.empty()) {
        return problems;
    }
    return query;
}

std::string to_cursor(const HistoryPosition& position)
{
    return fmt::format("{}.{}", position.created_at, position.deployment_id);
}

std::optional<HistoryPosition> parse_cursor(std::string_view cursor)
{
    // Beyond this, microseconds are no date that PostgreSQL knows.
    constexpr std::int64_t k_latest = 9'000'000'000'000'000;
    const std::size_t dot = cursor.find('.');
    if (dot == std::string_view::npos) {
        return std::nullopt;
    }
    const std::optional<std::int64_t> created_at = parse_positive(cursor.substr(0, dot));
    const std::string_view id = cursor.substr(dot + 1);
    if (!created_at || *created_at > k_latest || id_problem(id)) {
        return std::nullopt;
    }
    return HistoryPosition{.created_at = *created_at, .deployment_id = std::string{id}};
}

}  // namespace libra
