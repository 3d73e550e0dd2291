#include "api-gateway/letters/letter_query.hpp"

#include "api-gateway/api/query_reader.hpp"

#include <string_view>
#include <utility>

namespace libra {

namespace {

struct StateChoice {
    std::optional<LetterState> state{};  // none: letters in every state
};

std::optional<StateChoice> parse_state_choice(std::string_view word)
{
    const std::optional<LetterState> state = parse_letter_state(word);
    if (!state && word != "all") {
        return std::nullopt;
    }
    return StateChoice{state};
}

}  // namespace

std::variant<LetterQuery, Problems> parse_letter_query(const HttpRequest& request)
{
    constexpr int k_usual_limit = 50;
    QueryReader reader{request};
    LetterQuery query;
    query.filter.state =
        reader.read("state", parse_state_choice, "must be one of open, requeued, discarded, all")
            .value_or(StateChoice{LetterState::open})
            .state;
    query.filter.failure_class = reader.read(
        "class", parse_failure_class, "must be one of user, transient, resource, poison, exhausted"
    );
    query.filter.project_id = reader.id("projectId");
    query.filter.org_id = reader.id("orgId");
    query.limit = reader.limit(k_usual_limit);
    query.before =
        reader.read("cursor", parse_positive, "must be the nextCursor of an earlier answer");
    if (Problems problems = std::move(reader).finish(); !problems.empty()) {
        return problems;
    }
    return query;
}

}  // namespace libra
