#include "deploy-worker/cache/entry_file.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace libra {

namespace {

constexpr std::string_view k_version{"libra-cache-entry 1"};

/// The rest of the line `name value` at the beginning of `text`, which is then taken off.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view name)
{
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || !text.starts_with(name)) {
        return std::nullopt;
    }
    std::string_view line = text.substr(name.size(), end - name.size());
    text.remove_prefix(end + 1);
    if (!line.starts_with(' ')) {
        return std::nullopt;
    }
    line.remove_prefix(1);
    return line;
}

template <class Number>
bool take_number(std::string_view& text, std::string_view name, Number& number)
{
    const auto line = take_line(text, name);
    if (!line) {
        return false;
    }
    const auto read = std::from_chars(line->data(), line->data() + line->size(), number);
    return read.ec == std::errc{} && read.ptr == line->data() + line->size();
}

}  // namespace

std::string encode_entry(const EntryFacts& facts)
{
    return fmt::format(
        "{}\nbytes {}\nsize {}\nmade {}\ncost {}\nboot {}\n",
        k_version,
        facts.bytes,
        facts.content_size,
        facts.made.time_since_epoch().count(),
        facts.cost.count(),
        facts.boot
    );
}

std::optional<EntryFacts> decode_entry(std::string_view text)
{
    if (!text.starts_with(k_version) || text.size() == k_version.size()) {
        return std::nullopt;
    }
    text.remove_prefix(k_version.size() + 1);
    EntryFacts facts;
    std::int64_t made = 0;
    std::int64_t cost = 0;
    if (!take_number(text, "bytes", facts.bytes) ||
        !take_number(text, "size", facts.content_size) || !take_number(text, "made", made) ||
        !take_number(text, "cost", cost)) {
        return std::nullopt;
    }
    const auto boot = take_line(text, "boot");
    if (!boot || !text.empty()) {
        return std::nullopt;
    }
    facts.made = UtcTime{std::chrono::milliseconds{made}};
    facts.cost = std::chrono::milliseconds{cost};
    facts.boot = *boot;
    return facts;
}

}  // namespace libra
