#include "api-gateway/http/target.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace libra {

namespace urls = boost::urls;

std::optional<Target> parse_target(std::string_view text)
{
    if (text == "*") {
        return Target{text, "*", {}};
    }
    const auto url = text.starts_with('/') ? urls::parse_origin_form(text) : urls::parse_uri(text);
    if (!url || (!text.starts_with('/') && !url->has_authority())) {
        return std::nullopt;
    }
    Target target;
    target.raw_path = url->encoded_path();
    target.path = url->path();
    if (target.path.empty()) {
        target.path.assign(1, '/');  // not = "/": GCC 12 sees an overlap there
    }
    for (const auto& parameter : url->params()) {
        target.query.push_back({parameter.key, parameter.value});
    }
    return target;
}

}  // namespace libra
