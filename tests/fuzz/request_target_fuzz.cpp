#include "shared/http/target.hpp"
#include "tests/fuzz/encoding.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <functional>
#include <string>

namespace libra::fuzz {

namespace {

bool same(const std::vector<QueryParameter>& left, const std::vector<QueryParameter>& right)
{
    return std::equal(
        left.begin(),
        left.end(),
        right.begin(),
        right.end(),
        [](const QueryParameter& a, const QueryParameter& b) {
            return a.name == b.name && a.value == b.value;
        }
    );
}

std::string spelled_out(const RequestTarget& target)
{
    std::string text;
    for (const char c : target.path) {
        text += c == '/' ? "/" : percent_encoded({&c, 1});
    }
    char mark = '?';
    for (const auto& [name, value] : target.query) {
        text += mark + percent_encoded(name) + '=' + percent_encoded(value);
        mark = '&';
    }
    return text;
}

bool lies_in(std::string_view part, std::string_view whole)
{
    const std::less_equal<> before;
    return part.empty() || (before(whole.data(), part.data()) &&
                            before(part.data() + part.size(), whole.data() + whole.size()));
}

}  // namespace

void try_input(std::string_view input)
{
    const auto target = parse_target(input);
    if (!target) {
        return;
    }
    must(lies_in(target->raw_path, input), "the raw path is a part of the target");
    must(target->path.size() <= std::max<std::size_t>(input.size(), 1), "decoding only shortens");
    if (input == "*") {
        must(target->path == "*" && target->query.empty(), "the asterisk stands for itself");
        return;
    }
    must(target->path.starts_with('/'), "a path begins with a slash");

    const auto again = parse_target(spelled_out(*target));
    must(again.has_value(), "a target can be spelled out");
    must(again->path == target->path, "a path is read as it was written");
    must(same(again->query, target->query), "a query is read as it was written");
    if (input.starts_with('/')) {
        const std::string absolute = "http://gateway.example" + std::string{input};
        const auto whole = parse_target(absolute);
        must(whole && whole->path == target->path, "the absolute form names the same path");
        must(same(whole->query, target->query), "the absolute form has the same query");
    }
}

}  // namespace libra::fuzz
