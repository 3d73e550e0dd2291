#include "api-gateway/api/query_reader.hpp"

#include "shared/domain/rules.hpp"

#include <charconv>
#include <utility>

namespace libra {

namespace {

std::optional<std::string> parse_id(std::string_view id)
{
    return id_problem(id) ? std::nullopt : std::optional{std::string{id}};
}

std::optional<int> parse_limit(std::string_view text)
{
    const std::optional<std::int64_t> number = parse_positive(text);
    if (!number || *number > QueryReader::k_highest_limit) {
        return std::nullopt;
    }
    return static_cast<int>(*number);
}

}  // namespace

std::optional<std::int64_t> parse_positive(std::string_view text)
{
    std::int64_t number{0};
    const char* const end = text.data() + text.size();
    const auto [stopped, failed] = std::from_chars(text.data(), end, number);
    if (failed != std::errc{} || stopped != end || number < 1) {
        return std::nullopt;
    }
    return number;
}

std::optional<std::string> QueryReader::id(std::string_view name)
{
    return read(name, parse_id, "must be 1 to 128 characters of A-Z a-z 0-9 . _ -");
}

std::string QueryReader::required_id(std::string_view name)
{
    if (!request_.parameter(name)) {
        known_.insert(name);
        complain(name, "is required");
    }
    return id(name).value_or("");
}

int QueryReader::limit(int usual)
{
    return read("limit", parse_limit, "must be a whole number from 1 to 200").value_or(usual);
}

Problems QueryReader::finish() &&
{
    std::set<std::string_view> seen;
    for (const QueryParameter& parameter : request_.query) {
        if (!known_.contains(parameter.name)) {
            complain(parameter.name, "is not known here");
        } else if (!seen.insert(parameter.name).second) {
            complain(parameter.name, "must be given once");
        }
    }
    return std::move(problems_);
}

void QueryReader::complain(std::string_view name, std::string_view reason)
{
    problems_.push_back({"/query/" + std::string{name}, std::string{reason}});
}

}  // namespace libra
