#include "api-gateway/history/log_query.hpp"

#include "api-gateway/api/query_reader.hpp"

#include <string_view>
#include <utility>

namespace libra {

namespace {

std::optional<std::int64_t> parse_sequence(std::string_view text)
{
    return text == "0" ? std::optional<std::int64_t>{0} : parse_positive(text);
}

std::optional<std::int64_t> parse_limit(std::string_view text)
{
    constexpr std::int64_t k_most = 10'000;
    const std::optional<std::int64_t> limit = parse_positive(text);
    return limit && *limit <= k_most ? limit : std::nullopt;
}

}  // namespace

std::variant<LogQuery, Problems> parse_log_query(const HttpRequest& request)
{
    QueryReader reader{request};
    LogQuery query;
    query.step = reader.read(
        "step", parse_step_name, "must be one of validate, sync, sandbox, build, deploy, cleanup"
    );
    query.after =
        reader.read("after", parse_sequence, "must be the sequence of a line, or 0").value_or(0);
    query.limit = reader.read("limit", parse_limit, "must be a whole number from 1 to 10000");
    if (Problems problems = std::move(reader).finish(); !problems.empty()) {
        return problems;
    }
    return query;
}

}  // namespace libra
