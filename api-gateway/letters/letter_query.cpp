#include "api-gateway/api/letter_query.hpp"

#include "shared/domain/rules.hpp"

#include <charconv>
#include <string>
#include <utility>

namespace libra {

namespace {

constexpr int k_usual_limit = 50;
constexpr int k_highest_limit = 200;

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

std::optional<std::string> parse_id(std::string_view id)
{
    return id_problem(id) ? std::nullopt : std::optional{std::string{id}};
}

std::optional<int> parse_limit(std::string_view text)
{
    const std::optional<std::int64_t> number = parse_letter_id(text);
    if (!number || *number > k_highest_limit) {
        return std::nullopt;
    }
    return static_cast<int>(*number);
}

/// Parameter by parameter; keeps what is wrong with them.
class QueryReader {
public:
    explicit QueryReader(const HttpRequest& request) : request_{request} {}

    /// @return what `parse` makes of the parameter; nothing if it is absent or bad.
    template <class Value>
    std::optional<Value> read(
        std::string_view name,
        std::optional<Value> (*parse)(std::string_view),
        std::string_view wanted
    )
    {
        const std::optional<std::string_view> text = request_.parameter(name);
        if (!text) {
            return std::nullopt;
        }
        std::optional<Value> value = parse(*text);
        if (!value) {
            problems_.push_back({"/query/" + std::string{name}, std::string{wanted}});
        }
        return value;
    }

    Problems take_problems() { return std::move(problems_); }

private:
    const HttpRequest& request_;
    Problems problems_;
};

}  // namespace

std::optional<std::int64_t> parse_letter_id(std::string_view text)
{
    std::int64_t number{0};
    const char* const end = text.data() + text.size();
    const auto [stopped, failed] = std::from_chars(text.data(), end, number);
    if (failed != std::errc{} || stopped != end || number < 1) {
        return std::nullopt;
    }
    return number;
}

std::variant<LetterQuery, Problems> parse_letter_query(const HttpRequest& request)
{
    constexpr std::string_view k_wanted_id{"must be 1 to 128 characters of A-Z a-z 0-9 . _ -"};
    QueryReader reader{request};
    LetterQuery query;
    query.filter.state =
        reader.read("state", parse_state_choice, "must be one of open, requeued, discarded, all")
            .value_or(StateChoice{LetterState::open})
            .state;
    query.filter.failure_class = reader.read(
        "class", parse_failure_class, "must be one of user, transient, resource, poison, exhausted"
    );
    query.filter.project_id = reader.read("projectId", parse_id, k_wanted_id);
    query.filter.org_id = reader.read("orgId", parse_id, k_wanted_id);
    query.limit = reader.read("limit", parse_limit, "must be a whole number from 1 to 200")
                      .value_or(k_usual_limit);
    query.before =
        reader.read("cursor", parse_letter_id, "must be the nextCursor of an earlier answer");
    if (Problems problems = reader.take_problems(); !problems.empty()) {
        return problems;
    }
    return query;
}

}  // namespace libra
