#include "shared/http/trace_parent.hpp"

namespace libra {

namespace {

constexpr std::size_t k_length = 55;  // 00-{32 digits}-{16 digits}-{2 digits}

bool is_hex(std::string_view text)
{
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_id(std::string_view text)
{
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

bool ends_where_it_may(std::string_view header)
{
    return header.size() == k_length ||
           (!header.starts_with("00") && header.size() > k_length && header[k_length] == '-');
}

}  // namespace

std::optional<std::string_view> trace_id_of(std::string_view header)
{
    if (!ends_where_it_may(header) || header[2] != '-' || header[35] != '-' || header[52] != '-') {
        return std::nullopt;
    }
    const std::string_view version = header.substr(0, 2);
    const std::string_view trace = header.substr(3, 32);
    const std::string_view parent = header.substr(36, 16);
    const std::string_view flags = header.substr(53, 2);
    const bool valid =
        is_hex(version) && version != "ff" && is_id(trace) && is_id(parent) && is_hex(flags);
    return valid ? std::optional{trace} : std::nullopt;
}

}  // namespace libra
