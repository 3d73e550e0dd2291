#include "shared/http/message.hpp"

#include <algorithm>

namespace libra {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equal_without_case(std::string_view left, std::string_view right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char l, char r) {
        return lower(l) == lower(r);
    });
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::string_view> HttpRequest::header(std::string_view name) const
{
    for (const HttpHeader& header : headers) {
        if (equal_without_case(header.name, name)) {
            return header.value;
        }
    }
    return std::nullopt;
}

std::size_t HttpRequest::count(std::string_view name) const
{
    return static_cast<std::size_t>(std::count_if(
        headers.begin(),
        headers.end(),
        [&](const HttpHeader& header) { return equal_without_case(header.name, name); }
    ));
}

std::optional<std::string_view> HttpRequest::parameter(std::string_view name) const
{
    for (const QueryParameter& parameter : query) {
        if (parameter.name == name) {
            return parameter.value;
        }
    }
    return std::nullopt;
}

std::string_view HttpRequest::segment(std::size_t index) const
{
    std::string_view rest = path;
    for (std::size_t passed = 0; passed <= index; ++passed) {
        const std::size_t slash = rest.find('/');
        if (slash == std::string_view::npos) {
            return {};
        }
        rest.remove_prefix(slash + 1);
    }
    return rest.substr(0, rest.find('/'));
}

std::optional<std::string_view> HttpResponse::header(std::string_view name) const
{
    for (const auto& [key, value] : headers) {
        if (equal_without_case(key, name)) {
            return value;
        }
    }
    return std::nullopt;
}

}  // namespace libra
