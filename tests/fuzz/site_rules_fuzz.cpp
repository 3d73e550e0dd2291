#include "shared/base/text.hpp"
#include "shared/site_rules/header_rules.hpp"
#include "shared/site_rules/redirect_rules.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

namespace libra::fuzz {

namespace {

bool visible(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

/// The text of a file, and after a NUL a request.
void check_redirects(std::string_view text, std::string_view path, std::string_view query)
{
    RuleWarnings warnings;
    const RedirectRules rules = RedirectRules::parse(text, warnings);
    must(
        warnings.listed().size() <= RuleWarnings::k_most_listed, "few of many warnings are listed"
    );
    for (const RuleWarning& warning : warnings.listed()) {
        must(printable_utf8(warning.text) == warning.text, "a warning can be shown");
    }
    for (const bool exists : {false, true}) {
        const auto outcome = rules.find(path, query, [&] { return exists; });
        if (!outcome) {
            continue;
        }
        must(visible(outcome->target), "a target can stand in a header");
        const bool page = outcome->status == 200 || outcome->status == 404;
        const bool elsewhere =
            !outcome->target.starts_with('/') || outcome->target.starts_with("//");
        must(!page || !elsewhere, "only pages of the site are shown");
        must(
            !elsewhere || text.find("//") != std::string_view::npos,
            "only a rule leads to another host, and no request"
        );
    }
}

void check_headers(std::string_view text, std::string_view path)
{
    RuleWarnings warnings;
    const HeaderRules rules = HeaderRules::parse(text, warnings);
    std::size_t bytes = 0;
    for (const auto& [name, value] : rules.find("shop.example", path).set) {
        must(visible(name) && name.find(':') == std::string::npos, "a name is one");
        must(value.find_first_of(std::string_view{"\r\n\0", 3}) == std::string::npos, "one line");
        bytes += name.size() + value.size();
    }
    must(bytes <= 2 * HeaderRules::k_most_bytes, "an answer stays small");
}

}  // namespace

void try_input(std::string_view input)
{
    const std::size_t end = std::min(input.find('\0'), input.size());
    const std::string_view request = input.substr(std::min(end + 1, input.size()));
    const std::size_t question = std::min(request.find('?'), request.size());
    const std::string_view path = request.substr(0, question);
    check_redirects(
        input.substr(0, end), path, request.substr(std::min(question + 1, request.size()))
    );
    check_headers(input.substr(0, end), path);
}

}  // namespace libra::fuzz
