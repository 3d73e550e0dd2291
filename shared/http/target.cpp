#include "shared/http/target.hpp"

#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace libra {

namespace urls = boost::urls;

namespace {

/// How much of the absolute form names this server: scheme and authority. Nothing for another form.
///
/// Not left to Boost.URL's parse_uri: of `http:` and a byte that no URL may have it fails an
/// assertion, and after the digits of a port it takes anything for a path.
std::optional<std::size_t> origin_length(std::string_view text)
{
    constexpr std::string_view k_mark{"://"};
    const std::size_t colon = text.find(k_mark);
    const std::string_view scheme = text.substr(0, colon);
    if (colon == std::string_view::npos ||
        !(equal_without_case(scheme, "http") || equal_without_case(scheme, "https"))) {
        return std::nullopt;
    }
    const std::size_t begin = colon + k_mark.size();
    const std::size_t end = std::min(text.find_first_of("/?#", begin), text.size());
    const auto authority = urls::parse_authority(text.substr(begin, end - begin));
    return authority && !authority->encoded_host().empty() ? std::optional{end} : std::nullopt;
}

std::optional<RequestTarget> parse_origin_form(std::string_view text)
{
    const auto url = urls::parse_origin_form(text);
    if (!url) {
        return std::nullopt;
    }
    RequestTarget target;
    target.raw_path = url->encoded_path();
    target.path = url->path();
    for (const auto& parameter : url->params()) {
        target.query.push_back({parameter.key, parameter.value});
    }
    return target;
}

}  // namespace

std::optional<RequestTarget> parse_target(std::string_view text)
{
    if (text == "*") {
        return RequestTarget{text, "*", {}};
    }
    if (text.starts_with('/')) {
        return parse_origin_form(text);
    }
    const std::optional<std::size_t> origin = origin_length(text);
    if (!origin) {
        return std::nullopt;
    }
    const std::string_view rest = text.substr(*origin);
    if (rest.starts_with('/')) {
        return parse_origin_form(rest);
    }
    std::optional<RequestTarget> target = parse_origin_form('/' + std::string{rest});
    if (target) {
        target->raw_path = rest.substr(0, 0);
    }
    return target;
}

}  // namespace libra
