#include "api-gateway/history/log_handler.hpp"

#include "api-gateway/api/json_response.hpp"
#include "api-gateway/api/media_type.hpp"
#include "api-gateway/history/log_body.hpp"
#include "shared/wire/answers.hpp"
#include "shared/wire/history_answers.hpp"

#include <array>
#include <utility>

namespace libra {

namespace {

constexpr std::string_view k_json = "application/json";
constexpr std::string_view k_text = "text/plain";
constexpr std::string_view k_ndjson = "application/x-ndjson";

LogLineAnswer to_answer(LogEntry&& entry)
{
    return {
        .seq = entry.seq,
        .at = entry.at,
        .step = std::move(entry.step),
        .stream = std::move(entry.stream),
        .line = std::move(entry.line)};
}

LogSelection selection_of(const LogQuery& query)
{
    return {.step = query.step, .after = query.after};
}

}  // namespace

HttpResponse LogHandler::answer_for(
    const std::string& deployment_id,
    const HttpRequest& request,
    const Reader& reader
)
{
    const auto parsed = parse_log_query(request);
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return error_response(
            k_validation_failed, now(), k_invalid_query, encode_problems(*problems)
        );
    }
    const auto& query = std::get<LogQuery>(parsed);
    constexpr std::array k_offered{k_json, k_text, k_ndjson};
    const std::string_view wanted =
        preferred_media_type(request.header("Accept").value_or(""), k_offered);
    return wanted == k_json ? json(deployment_id, query, request, reader)
                            : lines(deployment_id, query, request, reader, wanted);
}

HttpResponse LogHandler::json(
    const std::string& id,
    const LogQuery& query,
    const HttpRequest& request,
    const Reader& reader
)
{
    constexpr std::int64_t k_usual_lines = 1000;
    constexpr std::size_t k_most_bytes = std::size_t{1} << 20U;
    LogAnswer answer{.deployment_id = id, .timestamp = now()};
    const Result<LogEnd> end = read_log(
        history(),
        reader,
        id,
        selection_of(query),
        {.lines = query.limit.value_or(k_usual_lines), .bytes = k_most_bytes},
        [&](LogEntry&& entry) { answer.lines.push_back(to_answer(std::move(entry))); }
    );
    if (!end) {
        return failed(end.error(), request, k_deployment_not_found);
    }
    answer.next_after = end->last;
    answer.finished = end->finished;
    HttpResponse response = json_response(200, encode_log(answer));
    response.headers.emplace_back("Vary", "Accept");
    return response;
}

HttpResponse LogHandler::lines(
    const std::string& id,
    const LogQuery& query,
    const HttpRequest& request,
    const Reader& reader,
    std::string_view media_type
)
{
    std::string body;
    const Result<LogEnd> end = read_log(
        history(),
        reader,
        id,
        selection_of(query),
        {.lines = query.limit},
        [&](LogEntry&& entry) {
            body +=
                media_type == k_text ? entry.line : encode_log_line(to_answer(std::move(entry)));
            body += '\n';
        }
    );
    if (!end) {
        return failed(end.error(), request, k_deployment_not_found);
    }
    HttpResponse response;
    response.headers.emplace_back(
        "Content-Type", media_type == k_text ? "text/plain; charset=utf-8" : k_ndjson
    );
    response.headers.emplace_back("Vary", "Accept");
    response.body = std::move(body);
    return response;
}

}  // namespace libra
