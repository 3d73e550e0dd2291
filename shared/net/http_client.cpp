#include "shared/net/http_client.hpp"

#include <algorithm>

namespace libra {

std::optional<std::string_view> HttpReply::header(std::string_view name) const
{
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const HttpField& field) {
        return field.name == name;
    });
    return found == headers.end() ? std::nullopt : std::optional<std::string_view>{found->value};
}

}  // namespace libra
