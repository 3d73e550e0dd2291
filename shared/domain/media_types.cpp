#include "shared/domain/media_types.hpp"

#include <map>
#include <string>

namespace libra {

namespace embedded {
std::string_view media_types();
}  // namespace embedded

namespace {

constexpr std::string_view k_unknown{"application/octet-stream"};

using Table = std::map<std::string_view, std::string_view, std::less<>>;

/// Lines are `extension type`, the type in quotes where it has spaces.
Table read_table(std::string_view text)
{
    Table table;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const std::size_t space = line.find(' ');
        if (line.starts_with('#') || space == std::string_view::npos) {
            continue;
        }
        std::string_view type = line.substr(space + 1);
        if (type.starts_with('"')) {
            type = type.substr(1, type.size() - 2);
        }
        table.emplace(line.substr(0, space), type);
    }
    return table;
}

}  // namespace

std::string_view media_type_of(std::string_view path)
{
    static const Table k_table = read_table(embedded::media_types());
    const std::string_view name = path.substr(path.rfind('/') + 1);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) {
        return k_unknown;
    }
    const auto known = k_table.find(name.substr(dot + 1));
    return known == k_table.end() ? k_unknown : known->second;
}

}  // namespace libra
