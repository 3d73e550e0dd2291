#include "shared/base/env.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace libra {

namespace {

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// @return nothing when the file cannot be read, a directory for one.
std::optional<std::string> content_of(const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    // A directory opens, and fails at its first byte.
    file.peek();
    if (!file.is_open() || file.bad()) {
        return std::nullopt;
    }
    std::ostringstream content;
    if (file.peek() != std::ifstream::traits_type::eof()) {
        content << file.rdbuf();
    }
    return content.str();
}

std::optional<std::string> process_variable(const std::string& name)
{
    // Read once at start, before any thread exists.
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

}  // namespace

Environment::Environment() : Environment{process_variable} {}

Environment::Environment(Lookup lookup) : lookup_{std::move(lookup)} {}

std::optional<std::string> Environment::find(const std::string& name) const
{
    std::optional<std::string> value = lookup_(name);
    return value && !value->empty() ? value : std::nullopt;
}

void Environment::complain(const std::string& name, const std::string& reason)
{
    problems_.push_back(name + ": " + reason);
}

std::string Environment::text(const std::string& name, std::string fallback)
{
    return find(name).value_or(std::move(fallback));
}

std::string Environment::required_text(const std::string& name)
{
    std::optional<std::string> value = find(name);
    if (!value) {
        complain(name, "is required and not set");
    }
    return value.value_or("");
}

std::int64_t Environment::integer(
    const std::string& name,
    std::int64_t fallback,
    std::int64_t least,
    std::int64_t most
)
{
    const std::optional<std::string> value = find(name);
    if (!value) {
        return fallback;
    }
    std::int64_t number{};
    const char* const end = value->data() + value->size();
    const auto [stopped, status] = std::from_chars(value->data(), end, number);
    if (status != std::errc{} || stopped != end || number < least || number > most) {
        complain(
            name, fmt::format("'{}' is not a whole number from {} to {}", *value, least, most)
        );
        return fallback;
    }
    return number;
}

bool Environment::flag(const std::string& name, bool fallback)
{
    return choice(name, fallback ? "true" : "false", {"true", "false"}) == "true";
}

std::string Environment::choice(
    const std::string& name,
    std::string fallback,
    std::initializer_list<std::string_view> allowed
)
{
    std::optional<std::string> value = find(name);
    if (!value) {
        return fallback;
    }
    if (std::find(allowed.begin(), allowed.end(), *value) == allowed.end()) {
        complain(name, fmt::format("'{}' is not one of {}", *value, fmt::join(allowed, ", ")));
        return fallback;
    }
    return *std::move(value);
}

std::chrono::milliseconds Environment::milliseconds(
    const std::string& name,
    std::chrono::milliseconds fallback,
    std::chrono::milliseconds least,
    std::chrono::milliseconds most
)
{
    return std::chrono::milliseconds{integer(name, fallback.count(), least.count(), most.count())};
}

std::vector<std::string>
Environment::list(const std::string& name, std::vector<std::string> fallback)
{
    const std::optional<std::string> value = find(name);
    if (!value) {
        return fallback;
    }
    std::vector<std::string> items;
    std::string_view rest = *value;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        if (const std::string_view item = trimmed(rest.substr(0, comma)); !item.empty()) {
            items.emplace_back(item);
        }
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    }
    return items;
}

Secret Environment::secret(const std::string& name)
{
    const std::optional<std::string> value = find(name);
    const std::optional<std::string> path = find(name + "_FILE");
    if (value && path) {
        complain(name, "is set together with " + name + "_FILE; set one of them");
    }
    if (!path) {
        return Secret{value.value_or("")};
    }
    std::optional<std::string> content = content_of(*path);
    if (!content) {
        complain(name + "_FILE", "'" + *path + "' cannot be read");
        return {};
    }
    content->erase(content->find_last_not_of("\r\n") + 1);
    return Secret{*std::move(content)};
}

Secret Environment::required_secret(const std::string& name)
{
    const std::size_t before = problems_.size();
    Secret value = secret(name);
    if (value.empty() && problems_.size() == before) {
        complain(name, "is required and not set (nor is " + name + "_FILE)");
    }
    return value;
}

}  // namespace libra
