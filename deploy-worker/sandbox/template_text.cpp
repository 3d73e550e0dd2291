#include "deploy-worker/sandbox/template_text.hpp"

#include "shared/base/log.hpp"

#include <algorithm>
#include <stdexcept>

namespace libra {
namespace {

constexpr std::string_view k_name_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";

/// The name of the placeholder that `text`, which begins with `@`, begins with; empty if none.
std::string_view placeholder(std::string_view text)
{
    const std::size_t end = text.find_first_not_of(k_name_characters, 1);
    const bool closed = end != std::string_view::npos && end > 1 && text[end] == '@';
    return closed ? text.substr(1, end - 1) : std::string_view{};
}

}  // namespace

std::string fill_template(std::string_view text, const TemplateValues& values)
{
    std::string out;
    while (true) {
        const std::size_t at = text.find('@');
        out += text.substr(0, at);
        if (at == std::string_view::npos) {
            return out;
        }
        text.remove_prefix(at);
        const std::string_view name = placeholder(text);
        if (name.empty()) {
            out += '@';
            text.remove_prefix(1);
            continue;
        }
        const auto value = std::find_if(values.begin(), values.end(), [name](const auto& entry) {
            return entry.first == name;
        });
        if (value == values.end()) {
            throw std::logic_error{"no value for @" + std::string{name} + "@"};
        }
        out += value->second;
        text.remove_prefix(name.size() + 2);
    }
}

std::string json_string(std::string_view text)
{
    std::string out{'"'};
    append_json_escaped(out, text);
    out += '"';
    return out;
}

std::string json_strings(const std::vector<std::string>& texts)
{
    std::string out{'['};
    for (const std::string& text : texts) {
        out += out.size() > 1 ? ", " : "";
        out += json_string(text);
    }
    out += ']';
    return out;
}

}  // namespace libra
