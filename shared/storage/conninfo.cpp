#include "shared/storage/conninfo.hpp"

#include <cstdint>

namespace libra {

namespace {

bool is_unreserved(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.' ||
           letter == '~';
}

std::string percent_encoded(std::string_view value)
{
    constexpr std::string_view k_digits{"0123456789ABCDEF"};
    std::string encoded;
    for (const char letter : value) {
        if (is_unreserved(letter)) {
            encoded += letter;
            continue;
        }
        const auto byte = static_cast<std::uint8_t>(letter);
        encoded += '%';
        encoded += k_digits[byte >> 4U];
        encoded += k_digits[byte & 0x0FU];
    }
    return encoded;
}

std::string quoted(std::string_view value)
{
    std::string text{"'"};
    for (const char letter : value) {
        if (letter == '\'' || letter == '\\') {
            text += '\\';
        }
        text += letter;
    }
    return text + '\'';
}

}  // namespace

std::string with_parameters(std::string_view conninfo, const ConnectionParameters& parameters)
{
    std::string text{conninfo};
    const bool is_uri =
        conninfo.starts_with("postgresql://") || conninfo.starts_with("postgres://");
    for (const auto& [name, value] : parameters) {
        if (is_uri) {
            text += text.find('?') == std::string::npos ? '?' : '&';
            text += name;
            text += '=';
            text += percent_encoded(value);
        } else {
            text += ' ';
            text += name;
            text += '=';
            text += quoted(value);
        }
    }
    return text;
}

std::string describe_connect_failure(std::string_view libpq_message)
{
    const std::string_view first_line = libpq_message.substr(0, libpq_message.find('\n'));
    if (first_line.starts_with("connection to server")) {
        return std::string{first_line};
    }
    if (first_line.starts_with("could not translate host name")) {
        return "the host name of the PostgreSQL connection string does not resolve";
    }
    return "PostgreSQL cannot be reached: check the form of the connection string";
}

}  // namespace libra
