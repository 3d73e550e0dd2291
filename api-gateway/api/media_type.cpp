#include "api-gateway/api/media_type.hpp"

#include "api-gateway/http/message.hpp"

namespace libra {

bool is_json(std::string_view content_type)
{
    const std::size_t semicolon = content_type.find(';');
    if (!equal_without_case(trimmed(content_type.substr(0, semicolon)), "application/json")) {
        return false;
    }
    if (semicolon == std::string_view::npos) {
        return true;
    }
    const std::string_view parameter = trimmed(content_type.substr(semicolon + 1));
    return parameter.empty() || equal_without_case(parameter, "charset=utf-8") ||
           equal_without_case(parameter, "charset=\"utf-8\"");
}

}  // namespace libra
