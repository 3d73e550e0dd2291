#include "shared/storage/pg_history_query.hpp"

#include "shared/storage/sql_text.hpp"

#include <fmt/format.h>

#include <string_view>

namespace libra {

namespace {

/// Gathers parameters as conditions name them.
class Parameters {
public:
    /// @return the placeholder.
    std::string add(std::string value)
    {
        values_.push_back(std::move(value));
        return fmt::format("${}", values_.size());
    }

    std::vector<std::string> take() { return std::move(values_); }

private:
    std::vector<std::string> values_;
};

/// The conditions that hold within any organisation or project, each with its `and`.
std::string conditions(
    const HistoryFilter& filter,
    const std::optional<HistoryPosition>& before,
    Parameters& parameters
)
{
    std::string conditions;
    if (filter.status) {
        conditions += fmt::format(
            " and d.status = {}", parameters.add(std::string{to_string(*filter.status)})
        );
    }
    if (before) {
        const std::string at = parameters.add(std::to_string(before->created_at));
        const std::string id = parameters.add(before->deployment_id);
        conditions += fmt::format(
            " and (d.created_at, d.id) < (timestamptz 'epoch' + {}::bigint * interval '1 us', {})",
            at,
            id
        );
    }
    return conditions;
}

}  // namespace

const std::string_view k_summary_columns{R"(
    d.id, d.project_id, d.org_id, d.user_id, d.status, d.failure_class, d.error_code, d.error,
    d.url, d.preview_url, p.live_deployment is not distinct from d.id as live, d.kind,
    d.source_deployment,
    floor(extract(epoch from d.created_at) * 1000)::bigint as created_at,
    floor(extract(epoch from d.started_at) * 1000)::bigint as started_at,
    floor(extract(epoch from d.finished_at) * 1000)::bigint as finished_at,
    (select string_agg(s.step || '=' || s.status, ' ')
     from deployment_steps s where s.deployment_id = d.id) as steps
)"};

HistoryQuery history_query(
    const Reader& reader,
    const HistoryFilter& filter,
    const std::optional<HistoryPosition>& before,
    int limit
)
{
    Parameters parameters;
    const std::string most = parameters.add(std::to_string(limit + 1)) + "::bigint";
    std::string from;
    if (filter.project_id) {
        from = fmt::format(
            "deployments d join projects p on p.id = d.project_id where d.project_id = {}{}",
            parameters.add(database_text(*filter.project_id)),
            conditions(filter, before, parameters)
        );
    } else if (filter.org_id) {
        from = fmt::format(
            "deployments d join projects p on p.id = d.project_id where d.org_id = {}{}",
            parameters.add(database_text(*filter.org_id)),
            conditions(filter, before, parameters)
        );
    } else {
        // The newest of each organisation, of which the newest are taken.
        from = fmt::format(
            R"(
                members m
                cross join lateral (
                    select d.* from deployments d
                    where d.org_id = m.org_id{}
                    order by d.created_at desc, d.id desc limit {}) d
                join projects p on p.id = d.project_id
                where m.user_id = {})",
            conditions(filter, before, parameters),
            most,
            parameters.add(database_text(reader.user_id))
        );
    }
    return {
        .sql = fmt::format(
            R"(
                select {}, (extract(epoch from d.created_at) * 1000000)::bigint as cursor_at
                from {}
                order by d.created_at desc, d.id desc limit {}
            )",
            k_summary_columns,
            from,
            most
        ),
        .parameters = parameters.take()};
}

}  // namespace libra
