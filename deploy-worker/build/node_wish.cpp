#include "deploy-worker/build/node_wish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace libra {

namespace {

constexpr std::array<std::string_view, 2> k_version_files{".nvmrc", ".node-version"};
constexpr std::array<std::string_view, 4> k_newest{"node", "latest", "current", "stable"};
constexpr std::size_t k_longest = 200;

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view k_blanks{" \t\r\n"};
    text.remove_prefix(std::min(text.find_first_not_of(k_blanks), text.size()));
    return text.substr(0, text.find_last_not_of(k_blanks) + 1);
}

std::string lower_case(std::string_view text)
{
    std::string lower{text};
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char character) {
        return static_cast<char>(std::tolower(character));
    });
    return lower;
}

std::string shortened(std::string_view said)
{
    return said.size() > k_longest ? std::string{said.substr(0, k_longest)} + "…"
                                   : std::string{said};
}

std::optional<NodeWish> wish_of(const PackageJson& package, std::string_view where)
{
    if (!trimmed(package.engines_node).empty()) {
        return NodeWish{
            .range = shortened(trimmed(package.engines_node)),
            .source = fmt::format("`engines` in {}", where)};
    }
    if (!trimmed(package.volta_node).empty()) {
        return NodeWish{
            .range = shortened(trimmed(package.volta_node)),
            .source = fmt::format("`volta` in {}", where)};
    }
    return std::nullopt;
}

/// Characters beyond ASCII, which no version has, become U+FFFD.
std::string from_utf16(std::string_view text, bool little_endian)
{
    std::string ascii;
    for (; text.size() > 1; text.remove_prefix(2)) {
        const char high = text[little_endian ? 1 : 0];
        const char low = text[little_endian ? 0 : 1];
        const bool is_ascii = high == 0 && static_cast<unsigned char>(low) < 0x80;
        ascii += is_ascii ? std::string(1, low) : std::string{"\uFFFD"};
    }
    return ascii;
}

/// The text of a file without its byte order mark.
std::string decoded(std::string_view text)
{
    constexpr std::string_view k_utf8{"\xEF\xBB\xBF"};
    constexpr std::string_view k_utf16_little{"\xFF\xFE"};
    constexpr std::string_view k_utf16_big{"\xFE\xFF"};
    const bool little = text.starts_with(k_utf16_little);
    if (little || text.starts_with(k_utf16_big)) {
        return from_utf16(text.substr(2), little);
    }
    return std::string{text.substr(text.starts_with(k_utf8) ? k_utf8.size() : 0)};
}

}  // namespace

std::optional<std::string> version_in_file(std::string_view text)
{
    const std::string all = decoded(text);
    for (std::string_view rest = all; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const std::string_view said = trimmed(line.substr(0, line.find('#')));
        if (!said.empty()) {
            return shortened(said);
        }
    }
    return std::nullopt;
}

bool is_readable(const NodeWish& wish)
{
    return std::none_of(wish.range.begin(), wish.range.end(), [](unsigned char character) {
        return std::iscntrl(character) != 0 && std::isspace(character) == 0;
    });
}

std::optional<NodeWish> node_wish(
    const BuildSettings& settings,
    ProjectFiles& files,
    const std::vector<std::string>& directories,
    const PackageJson& package,
    const PackageJson& workspace
)
{
    if (settings.node_version) {
        return NodeWish{.range = *settings.node_version, .source = "the project's settings"};
    }
    for (const std::string& directory : directories) {
        for (const std::string_view name : k_version_files) {
            const std::string path = below(directory, name);
            const auto text = files.text(path);
            if (auto version = text ? version_in_file(*text) : std::nullopt) {
                return NodeWish{.range = *std::move(version), .source = path};
            }
        }
    }
    if (auto wish = wish_of(package, "package.json")) {
        return wish;
    }
    return wish_of(workspace, "the workspace's package.json");
}

std::string semver_range(std::string_view range, const std::vector<std::string>& lts_lines)
{
    std::string wanted = lower_case(trimmed(range));
    if (std::find(k_newest.begin(), k_newest.end(), wanted) != k_newest.end()) {
        return "latest";
    }
    constexpr std::string_view k_lts{"lts/"};
    const bool lts = wanted.starts_with(k_lts);
    const std::string name = lts ? wanted.substr(k_lts.size()) : wanted;
    for (const std::string& line : lts_lines) {
        const std::size_t blank = line.find(' ');
        if (name == line.substr(0, blank)) {
            return line.substr(blank + 1);
        }
    }
    if (lts && name == "*" && !lts_lines.empty()) {
        return lts_lines.back().substr(lts_lines.back().find(' ') + 1);
    }
    return std::string{trimmed(range)};
}

}  // namespace libra
